// @ts-nocheck: this runs in a browser, and the type check knows only Node.
// Looks every two seconds whether the inbox has something newer, and swaps the list when it has.
// Without this script the link 'Vernieuwen' does the same.
const lookEverySeconds = 2

const refresh = async () => {
  try {
    const answer = await fetch('/inbox')
    if (!answer.ok) return
    const page = new DOMParser().parseFromString(await answer.text(), 'text/html')
    const [list, now] = [page.getElementById('inbox-list'), document.getElementById('inbox-list')]
    if (list && now && list.innerHTML !== now.innerHTML && !now.contains(document.activeElement))
      now.replaceWith(document.importNode(list, true))
  } catch {
    // The demo was stopped, or starts again: the next look will tell.
  }
}

document.getElementById('refresh')?.addEventListener('click', (event) => {
  event.preventDefault()
  refresh()
})
setInterval(() => {
  if (!document.hidden) refresh()
}, lookEverySeconds * 1000)
