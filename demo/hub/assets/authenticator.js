// @ts-nocheck: this runs in a browser, and the type check knows only Node.
// The authenticator in the page: the key (or the picture of a QR code) in, six digits every 30 seconds out.
// Nothing leaves the page. Without this script the form does the same for one moment.
const at = (id) => document.getElementById(id)
const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'

/** The same rules as the form without script: base32, or an otpauth address of the usual kind. */
const readKey = (typed) => {
  let text = typed.trim()
  let label = ''
  if (/^otpauth:/i.test(text)) {
    const address = URL.canParse(text) ? new URL(text) : undefined
    const asked = (name, usual) => (address?.searchParams.get(name) ?? usual).toUpperCase()
    if (!address || !/^otpauth:\/\/totp\//i.test(text)) return { refused: 'Dit adres is niet van een authenticator-app.' }
    if (asked('algorithm', 'SHA1') !== 'SHA1' || asked('digits', '6') !== '6' || asked('period', '30') !== '30') {
      return { refused: 'Deze QR-code vraagt iets anders dan 6 cijfers per 30 seconden met SHA-1. Veel apps kunnen dat niet.' }
    }
    try {
      label = decodeURIComponent(address.pathname.replace(/^\/+(totp\/)?/, ''))
    } catch {
      label = address.pathname
    }
    text = address.searchParams.get('secret') ?? ''
  }
  const letters = text.replace(/[\s-]/g, '').replace(/=+$/, '').toUpperCase()
  if (letters === '') return undefined
  if (!/^[A-Z2-7]+$/.test(letters)) return { refused: 'Een sleutel heeft alleen de letters A tot Z en de cijfers 2 tot 7.' }
  const bits = [...letters].map((letter) => alphabet.indexOf(letter).toString(2).padStart(5, '0')).join('')
  const bytes = (bits.match(/.{8}/g) ?? []).map((byte) => Number.parseInt(byte, 2))
  return bytes.length < 10 ? { refused: 'Deze sleutel is te kort: er ontbreken tekens.' } : { bytes: Uint8Array.from(bytes), label }
}

const codeAt = async (bytes, seconds) => {
  const key = await crypto.subtle.importKey('raw', bytes, { name: 'HMAC', hash: 'SHA-1' }, false, ['sign'])
  const counter = new DataView(new ArrayBuffer(8))
  counter.setBigUint64(0, BigInt(Math.floor(seconds / 30)))
  const mac = new DataView(await crypto.subtle.sign('HMAC', key, counter.buffer))
  const number = mac.getUint32(mac.getUint8(19) & 15) & 0x7fffffff
  return String(number % 1_000_000).padStart(6, '0')
}

const show = async () => {
  const key = readKey(at('key').value)
  at('key-error').textContent = key?.refused ?? ''
  at('shown').hidden = !key?.bytes
  if (!key?.bytes) return
  const seconds = Math.floor(Date.now() / 1000)
  const code = await codeAt(key.bytes, seconds)
  at('shown-label').textContent = key.label
  // Only a new code is written, so that a screen reader says it once and not every second.
  if (at('shown-code').textContent !== code) at('shown-code').textContent = code
  at('shown-seconds').textContent = String(30 - (seconds % 30))
}

// The code of a person of the cast: in their own row, and renewed there.
const rows = [...document.querySelectorAll('.code-of')]
const showRow = async (row) => {
  const seconds = Math.floor(Date.now() / 1000)
  const code = await codeAt(readKey(row.elements.key.value).bytes, seconds)
  const [digits, left] = row.querySelectorAll('output b, output span')
  if (digits.textContent !== code) digits.textContent = code
  left.textContent = `nog ${30 - (seconds % 30)} s`
}
for (const row of rows) {
  row.addEventListener('submit', (event) => {
    event.preventDefault()
    row.querySelector('output').replaceChildren(document.createElement('b'), ' ', document.createElement('span'))
    row.querySelector('output span').className = 'meta'
    row.classList.add('shown')
    showRow(row)
  })
}

const readPicture = async (file) => {
  const picture = await createImageBitmap(file).catch(() => undefined)
  let found = null
  // A wide margin helps the reader with a picture that was cut close; a large one is made smaller.
  for (const size of picture ? [800, 400, 1600] : []) {
    const scale = size / Math.max(picture.width, picture.height)
    const canvas = new OffscreenCanvas(Math.round(picture.width * scale) + 80, Math.round(picture.height * scale) + 80)
    const pen = canvas.getContext('2d')
    pen.fillStyle = '#ffffff'
    pen.fillRect(0, 0, canvas.width, canvas.height)
    pen.drawImage(picture, 40, 40, canvas.width - 80, canvas.height - 80)
    const pixels = pen.getImageData(0, 0, canvas.width, canvas.height)
    found ??= globalThis.jsQR(pixels.data, pixels.width, pixels.height)
  }
  at('key').value = found?.data ?? ''
  await show()
  if (!found) at('key-error').textContent = 'In deze afbeelding staat geen QR-code die we kunnen lezen.'
}

const pictureIn = (files) => [...(files ?? [])].find((file) => file.type.startsWith('image/'))
const take = (event, files) => {
  const picture = pictureIn(files)
  if (!picture) return
  event.preventDefault()
  readPicture(picture)
}

at('picture-field').hidden = false
at('picture').addEventListener('change', (event) => take(event, event.target.files))
at('key').addEventListener('input', show)
at('authenticator-form').addEventListener('submit', (event) => {
  event.preventDefault()
  show()
})
document.addEventListener('dragover', (event) => event.preventDefault())
document.addEventListener('drop', (event) => take(event, event.dataTransfer?.files))
document.addEventListener('paste', (event) => take(event, event.clipboardData?.files))
setInterval(() => {
  show()
  for (const row of rows) if (row.classList.contains('shown')) showRow(row)
}, 1000)
show()
