/*
 * portals: a portal is data.
 *
 *     portals/*.yaml ──> read.ts ──> schema.ts ──> rules.ts ──> Portal (frozen, with its true address)
 *     _house.yaml ────────^  the floor              │
 *                                                   └─ problems: file, line, key, given, allowed; all of them at once
 *
 *   schema.ts     what a portal file may say: type, check, completion and manual at once; its parts in schema-*.ts
 *   rules.ts      what the house demands on top: no weaker setting without a written reason, nothing that contradicts itself
 *   address.ts    where a portal or the service may live
 *   home.ts       its address in parts, and what else follows from it, worked out once
 *   read.ts       YAML with the lines of its keys
 *   load.ts       a folder of files into portals
 *   calendar.ts   when a day begins in the time zone of the portal
 *   theme.ts      one colour into accessible button colours
 *
 *   Never here: a request, an account, a page.
 */
export { isHomeAddress } from './address.ts'
export { startOfDay } from './calendar.ts'
export { basePath, homeOf, isSecure, oncePerPortal } from './home.ts'
export { type Loaded, type LoadSettings, loadPortals } from './load.ts'
export { type Problem, sentenceOf } from './problem.ts'
export { problemsOf, readYaml } from './read.ts'
export { type Deviation, deviationsOf } from './rules.ts'
export { type Application, type Language, type Portal, type PortalFile, portalSchema } from './schema.ts'
export { type Theme, themeOf } from './theme.ts'
