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
