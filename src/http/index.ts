/*
 * http: the only place where a step becomes an address.
 *
 *     request ──> server.ts ── cookies, Origin, CSRF ──> routes ──> a story of sign-in ──> Moved | Said
 *                                                                                            │
 *                 headers.ts  on every answer, also oidc-provider's                          │
 *                 paths.ts    Step -> path          draw.tsx  Situation -> page   <──────────┘
 *                                                   set-up-pages.tsx  those on which a method is set up
 *
 *     GET   gets.tsx   draws the page of the step that is due, or redirects to it; changes nothing of where one stands
 *     POST  posts.ts   one act, then a redirect (303) or the same page with what was said (422, 429); after.ts chooses
 *
 *     profile.tsx, confirm.tsx     the user's own page; P41 before every change, and back to where it was asked
 *     changes.tsx, linking.tsx     what is changed there: address, number, password; an app
 *     recovery.tsx, not-me.tsx     a forgotten password, a lost phone; 'this was not me'
 *
 *     ops.ts   /healthz, /readyz, /metrics on a port of their own
 *
 *   Never here: what comes next, which method, which date. Host, account, strength and time never come from a request.
 */
export { startHttp } from './start.ts'
