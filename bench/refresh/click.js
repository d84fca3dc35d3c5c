// Press the button; resolves, when all that the page shows has the new stamp, with the milliseconds it took.
async ([stamp, number]) => {
  const form = document.querySelector("form")
  const isFresh = () => [...document.querySelectorAll("[data-stamp]")].filter((node) => node.textContent === stamp).length >= number
  form.elements.stamp.value = stamp
  const took = await new Promise((resolve, reject) => {
    const observer = new MutationObserver(() => {
      if (!isFresh()) return
      observer.disconnect()
      resolve(performance.now() - start)
    })
    observer.observe(document.body, { childList: true, characterData: true, subtree: true })
    setTimeout(reject, 10_000, new Error(`not fresh: ${document.body.textContent}`))
    const start = performance.now()
    form.querySelector("button").click()
  })
  await new Promise((done) => setTimeout(done, 30)) // htmx settles; what else it asks for is counted, too
  return took
}
