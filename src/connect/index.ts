/*
 * connect: each portal is an OpenID Connect issuer, at its own address; and the guard of hosts that speak no protocol.
 *
 *     application ──> /authorize ──> provider ──> sign-in-prompt.ts ── done ──> a code, back to the application
 *                                                     │   ^
 *                                   not yet: interaction  │ /authorize/{interaction}
 *                                                     v   │
 *                                     http draws the sign-in ── resume ──┘
 *     application ──> /token, /userinfo ──> provider ──> records.ts (one winner for a code; nothing outlives our session)
 *
 *   connect.ts         the door: which paths are ours, and what http may ask
 *   entrance.ts        a request as the provider must see it: addresses from the portal, never from a header
 *   issuer.ts          what an issuer offers                   answers.ts   what bare answers lack
 *   sign-in-prompt.ts  the one question: may this person go back now?  wish.ts   what the application asked
 *   interactions.ts    a request that waits for a sign-in      sign-out.ts  what an application asks at the end
 *   farewells.ts       who must hear of the end of a session   tell-client.ts  one call to one application
 *   trouble.ts         an error as facts for a page       clients.ts, claims.ts
 *   keys.ts            made, sealed, turned               key-times.ts  which signs, which is published
 *   issuers.ts         an issuer opened anew when its keys have changed
 *   client-proof.ts    what an application proves itself by, from the files beside the portal file
 *   client-secrets.ts  how an application shows its secret        client-guesses.ts  who guesses it
 *   grants.ts         what an answer stands on, without a row of its own
 *   introspection.ts   what a token tells the service behind an application
 *   assertions.ts      what a client that signs must say
 *   oidc-provider.d.ts what we use of the provider
 *
 *   forward.ts          what lies under /_sluis/ of a protected host, and what its proxy asks: the drawing stands there
 *   forward-check.ts    may this request pass, and who is it   forward-entry.ts  the way in: waits, hands over, takes over
 *   forward-hosts.ts    hosts, their cookies, their pages      forward-entrance.ts  from a host to the sign-in
 *
 *   Sessions, attempts and facts belong to sign-in. The provider keeps no session: each answer is made from ours, at that moment.
 *   Never here: a strength, an account or a time out of a request; an address out of a header; a code that works twice.
 */

export { clientGuesses } from './client-guesses.ts'
export { type ReadClients, readClients } from './clients.ts'
export { type Connect, type ConnectAsked, type ConnectSettings, openConnect, type SignOutAsked, type Trouble } from './connect.ts'
export type { Farewells } from './farewells.ts'
export { type Forward, openForward } from './forward.ts'
export type { LostAtHost } from './forward-entrance.ts'
export { doorPath } from './forward-hosts.ts'
export { mostPushed } from './records.ts'
export { acrsOf } from './wish.ts'
