// The entry of the codebook beside a form follows the disposition that is chosen.

const book = document.querySelector(".codebook-beside");
const choice = document.querySelector("select[name='disposition']");

function follow() {
  for (const entry of book.querySelectorAll(".codebook-entry")) {
    const chosen = entry.dataset.disposition === choice.value;
    entry.classList.toggle("chosen", chosen);
    if (!chosen) continue;
    entry.closest("details").open = true;
    // Only the book scrolls, never the page under the person's hands.
    const offset = entry.getBoundingClientRect().top - book.getBoundingClientRect().top;
    if (book.scrollHeight > book.clientHeight) book.scrollTop += offset - 40;
  }
}

if (book && choice) {
  choice.addEventListener("change", follow);
  // A field that completes names tells its changes to jQuery alone.
  window.django?.jQuery?.(choice).on("select2:select select2:clear", follow);
  follow();
}
