/*
 * http: the only place where a step becomes an address.
 *
 *     request ──> server.ts ── cookies, Origin, CSRF ──> routes ──> a story of sign-in ──> Moved | Said
 *                                                                                            │
 *                 headers.ts  on every answer, also oidc-provider's                          │
 *                 paths.ts    Step -> path          views.ts  Situation -> page   <──────────┘
 *
 *     GET   draws the page of the step that is due, or redirects to it; writes nothing
 *     POST  one act, then a redirect (303) or the same page with what was said (422, 429)
 *
 *     profile.tsx, confirm.tsx     the user's own page; P41 before every change, and back to where it was asked
 *
 *     ops.ts   /healthz, /readyz, /metrics on a port of their own
 *
 *   Never here: what comes next, which method, which date. Host, account, strength and time never come from a request.
 */
export { startHttp } from './start.ts'
