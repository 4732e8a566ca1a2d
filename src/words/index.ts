/*
 * words: everything a person reads, in the voice of a portal. For pages and messages alike.
 *
 *     key ── the portal's own text, else the catalogue ──> 'Vul [je/uw] {word.app} in'
 *                                                               │ register (je, u)
 *                                                               │ vocabulary of the portal
 *                                                               │ values
 *     words.t('P25.heading')  ──> 'Vul uw beveiligingscode in' <┘
 *     words.parts(...)        ──> the same in pieces, so that a page can mark a moment or an address
 *
 *   sign-in.ts pages.ts errors.ts messages.ts ...   the catalogues: Dutch and English beside each other, a missing one breaks the build
 *   vocabulary.ts   the words that differ by portal       labels.ts  the buttons
 *   moments.ts      clock times and dates, as people say them
 *   speak.ts        the voice
 *
 *   Never here: a page, an address, a portal's name.
 */
export { type CatalogueKey, catalogue } from './catalogue.ts'
export { type LabelKey, labels } from './labels.ts'
export { type Moments, momentsOf } from './moments.ts'
export { type Part, type Speech, speak, type Told, type Values, type Voice, type Words } from './speak.ts'
