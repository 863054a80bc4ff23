// Account pages: show a password on request, and offer what only works with script.
const SHOW = '[data-can-show]'

for (const field of document.querySelectorAll(SHOW)) {
  const button = document.createElement('button')
  button.type = 'button'
  button.className = 'btn btn-link account-show'
  button.setAttribute('aria-controls', field.id)
  const turn = (shown) => {
    field.type = shown ? 'text' : 'password'
    button.textContent = shown ? field.dataset.canHide : field.dataset.canShow
    button.setAttribute('aria-pressed', String(shown))
  }
  button.addEventListener('click', () => turn(field.type === 'password'))
  field.form?.addEventListener('submit', () => turn(false))
  turn(false)
  field.insertAdjacentElement('afterend', button)
}

for (const part of document.querySelectorAll('[data-needs-script]')) {
  if (window.PublicKeyCredential) part.hidden = false
}
