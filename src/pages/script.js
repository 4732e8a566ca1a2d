// What a page can do better with a script. Everything works without it; nothing here sends or keeps anything.

/** @type {<T extends HTMLElement>(selector: string) => T[]} */
const all = (selector) => Array.from(document.querySelectorAll(selector))

/** @param {string} text */
function button(text) {
  const made = document.createElement('button')
  made.type = 'button'
  made.textContent = text
  return made
}

// The answer to a form stands at the address of its page: reload and back ask for the page, and send no form again.
const { place } = document.body.dataset
if (place) history.replaceState(null, '', place)

// Show password: the caret stays where it was, and what is sent is a password field again.
for (const box of all('[data-show]')) {
  const input = box.querySelector('input')
  if (!input) continue
  const show = button(box.dataset.show ?? '')
  show.className = 'quiet'
  /** @param {boolean} isShown */
  const turn = (isShown) => {
    const { selectionStart, selectionEnd } = input
    input.type = isShown ? 'text' : 'password'
    show.setAttribute('aria-pressed', String(isShown))
    input.setSelectionRange(selectionStart, selectionEnd)
  }
  show.setAttribute('aria-controls', input.id)
  show.addEventListener('click', () => turn(input.type === 'password'))
  input.form?.addEventListener('submit', () => turn(false))
  // Beside the field, which stays where it is: whoever types already goes on typing.
  input.after(show)
  turn(false)
}

// Copy: the key without its spaces, the text as it is.
for (const box of all('[data-copy]')) {
  const source = document.getElementById(box.dataset.of ?? '')
  if (!source || !navigator.clipboard) continue
  const copy = button(box.dataset.copy ?? '')
  const said = document.createElement('p')
  said.setAttribute('role', 'status')
  copy.addEventListener('click', async () => {
    const text = source instanceof HTMLTextAreaElement ? source.value : (source.textContent ?? '').replace(/\s/g, '')
    await navigator.clipboard.writeText(text)
    said.textContent = box.dataset.copied ?? ''
  })
  if (box.tagName === 'DL') box.after(copy, said)
  else box.append(copy, said)
}

// From here very many passwords were tried: the browser looks for a number, so that who is new here need not wait. What is sent before it
// is found waits for it.
for (const form of all('form[data-work]')) {
  if (!(form instanceof HTMLFormElement)) continue
  const { work = '', bits, wait = '', ready = '' } = form.dataset
  const [answer, said] = [document.createElement('input'), document.createElement('p')]
  answer.type = 'hidden'
  answer.name = 'work'
  said.setAttribute('role', 'status')
  form.append(answer, said)
  let isSent = false
  form.addEventListener('submit', (event) => {
    if (answer.value !== '') return
    event.preventDefault()
    event.stopImmediatePropagation()
    isSent = true
    said.textContent = wait
  })
  lookFor(work, Number(bits), (found) => {
    answer.value = found
    said.textContent = isSent ? wait : ready
    if (isSent) form.requestSubmit()
  })
}

/**
 * The number behind the question with which its SHA-256 (FIPS 180-4) begins with so many zero bits. All of it is one block, and of the
 * result only the first word is made. In small pieces, so that typing goes on.
 * @param {string} question @param {number} bits @param {(found: string) => void} then
 */
function lookFor(question, bits, then) {
  /** @type {number[]} */
  const primes = []
  for (let it = 2; primes.length < 64; it++) if (primes.every((prime) => it % prime)) primes.push(it)
  /** @param {number} root */
  const fraction = (root) => ((root - Math.floor(root)) * 2 ** 32) | 0
  const rounds = Int32Array.from(primes, (it) => fraction(Math.cbrt(it)))
  const first = Int32Array.from(primes.slice(0, 8), (it) => fraction(Math.sqrt(it)))
  const start = `${question}.`
  const block = new DataView(new ArrayBuffer(64))
  const length = start.length + 10
  ;[...start].forEach((it, at) => void block.setUint8(at, it.charCodeAt(0)))
  block.setUint8(length, 0x80)
  block.setUint16(62, length * 8)
  const w = new Int32Array(64)

  /** @param {number} word @param {number} by */
  const turn = (word, by) => (word >>> by) | (word << (32 - by))
  const isFound = () => {
    for (let t = 0; t < 16; t++) w[t] = block.getInt32(t * 4)
    for (let t = 16; t < 64; t++) {
      const [x, y] = [w[t - 15] ?? 0, w[t - 2] ?? 0]
      w[t] = (w[t - 16] ?? 0) + (w[t - 7] ?? 0) + (turn(x, 7) ^ turn(x, 18) ^ (x >>> 3)) + (turn(y, 17) ^ turn(y, 19) ^ (y >>> 10))
    }
    let [a = 0, b = 0, c = 0, d = 0, e = 0, f = 0, g = 0, h = 0] = first
    for (let t = 0; t < 64; t++) {
      const one = h + (turn(e, 6) ^ turn(e, 11) ^ turn(e, 25)) + ((e & f) ^ (~e & g)) + (rounds[t] ?? 0) + (w[t] ?? 0)
      const two = (turn(a, 2) ^ turn(a, 13) ^ turn(a, 22)) + ((a & b) ^ (a & c) ^ (b & c))
      h = g
      g = f
      f = e
      e = (d + one) | 0
      d = c
      c = b
      b = a
      a = (one + two) | 0
    }
    return ((first[0] ?? 0) + a) >>> (32 - bits) === 0
  }

  let number = 1e9
  const piece = () => {
    for (const until = performance.now() + 12; performance.now() < until; )
      for (let tries = 0; tries < 200; tries++, number++) {
        for (let at = length - 1, rest = number; at >= start.length; at--, rest = Math.floor(rest / 10))
          block.setUint8(at, 48 + (rest % 10))
        if (isFound()) return then(start + number)
      }
    setTimeout(piece)
  }
  piece()
}

// A double click is one act: a form is not sent again while its answer is on its way, for a few seconds.
for (const form of document.querySelectorAll('form[method=post]')) {
  let sentAt = Number.NEGATIVE_INFINITY
  form.addEventListener('submit', (event) => {
    if (event.timeStamp - sentAt < 3000) event.preventDefault()
    else sentAt = event.timeStamp
  })
}

// Who made a mistake, or asked for something on this very page, begins at the answer.
all('#errors, main > [autofocus]')[0]?.focus()
