/*
 * commands: what an operator types.
 *
 *     bin/sluis serve | check                       run it; look at the configuration without running it
 *     bin/sluis explain | portal draw               what a sign-in asks, and why; a portal as a diagram
 *     bin/sluis account add | show | import | disable | enable | ticket
 *     bin/sluis account unlock | end-sessions | remove-method | export | delete
 *     bin/sluis audit verify                        whether the record of what happened is whole
 *            │
 *            └─ program.ts ──> guarded.ts (openHouse where it needs one) ──> a command ──> report.ts: words, or one JSON value
 *
 *   account.ts        one person                          person.ts   what can be given of a person, read and checked
 *   account-end.ts    what is ended for a person          account-data.ts   all that is kept: written out, deleted
 *   import.ts         many: csv.ts ──> people-file.ts ──> import-plan.ts (reads) ──> import-write.ts (one transaction)
 *   journey.ts        walks the decision on paper; explain.ts and draw.ts tell it
 *   check.ts          all problems at once, and the warnings
 *
 *   Exit codes: 0 done, 1 refused (said why, nothing changed), 2 wrong use.
 *   A command works beside a running server: both speak to the database alone.
 *   Never here: a password or a key in the arguments, where other users of the machine could see them; a value of a refused line.
 */
export { makeProgram } from './program.ts'
