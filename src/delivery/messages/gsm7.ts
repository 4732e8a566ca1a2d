/*
 * The alphabet of text messages (GSM 03.38, 3GPP TS 23.038, section 6.2.1): 128 letters of one septet, ten of two. One letter
 * outside it turns the whole text into UCS-2, where 70 letters fill a message instead of 160.
 */
const basic =
  '@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞ\u001bÆæßÉ !"#¤%&\'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà'
const toExtension = 0x1b
const extended: Readonly<Record<string, number>> = {
  '\f': 0x0a,
  '^': 0x14,
  '{': 0x28,
  '}': 0x29,
  '\\': 0x2f,
  '[': 0x3c,
  '~': 0x3d,
  ']': 0x3e,
  '|': 0x40,
  '€': 0x65,
}
const septets = new Map<string, readonly number[]>([
  ...[...basic].flatMap((it, at): [string, readonly number[]][] => (at === toExtension ? [] : [[it, [at]]])),
  ...Object.entries(extended).map(([it, code]): [string, readonly number[]] => [it, [toExtension, code]]),
])
const lookAlikes: Readonly<Record<string, string>> = {
  '\u00a0': ' ',
  '‘': "'",
  '’': "'",
  '“': '"',
  '”': '"',
  '–': '-',
  '—': '-',
  '…': '...',
}

export const oneMessageSeptets = 160
const oneMessageBytes = 140

/** The text with near letters for those that the alphabet lacks: a plain space for a hard one, e for ë. */
export const toGsm = (text: string): string => [...text.normalize('NFC')].map(nearest).join('')

function nearest(letter: string): string {
  if (septets.has(letter)) return letter
  const near = lookAlikes[letter] ?? letter.normalize('NFD').replace(/\p{M}/gu, '')
  return [...near].every((it) => septets.has(it)) ? near : letter
}

/** How long the text is in septets; undefined when a letter is not of the alphabet. */
export function septetsOf(text: string): number | undefined {
  const codes = [...text].map((it) => septets.get(it))
  return codes.includes(undefined) ? undefined : codes.flat().length
}

export interface Encoded {
  /** SMPP 3.4, section 5.2.19: 0 is the alphabet of the centre (GSM 03.38), 8 is UCS-2. */
  readonly dataCoding: 0 | 8
  readonly bytes: Buffer
  readonly fitsOneMessage: boolean
}

/** The text as the centre takes it: one septet a byte, or UCS-2 when the alphabet lacks a letter. */
export function encodeSms(text: string): Encoded {
  const codes = [...text].map((it) => septets.get(it))
  if (!codes.includes(undefined)) {
    const bytes = Buffer.from(codes.flat() as number[])
    return { dataCoding: 0, bytes, fitsOneMessage: bytes.length <= oneMessageSeptets }
  }
  const bytes = Buffer.from(text, 'utf16le').swap16()
  return { dataCoding: 8, bytes, fitsOneMessage: bytes.length <= oneMessageBytes }
}
