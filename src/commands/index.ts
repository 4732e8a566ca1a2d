/*
 * commands: what an operator types.
 *
 *     bin/sluis serve | check                       run it; look at the configuration without running it
 *     bin/sluis explain | portal draw               what a sign-in asks, and why; a portal as a diagram
 *     bin/sluis account add | show | import | disable | enable
 *            │
 *            └─ openHouse(sluis.yaml) ──> a command ──> report.ts ──> words, or one JSON value with --json
 *
 *   Exit codes: 0 done, 1 refused (said why, nothing changed), 2 wrong use.
 *   A command works beside a running server: both speak to the database alone.
 *   Never here: a password or a key in the arguments, where other users of the machine could see them.
 */
export { makeProgram } from './program.ts'
