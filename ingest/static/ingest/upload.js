// A file that is too large is refused before it is sent; the server refuses it, too.
document.querySelectorAll("input[type=file][data-limit]").forEach((field) => {
  const note = document.createElement("p");
  note.className = "errornote";
  note.setAttribute("role", "alert");
  field.addEventListener("change", () => {
    note.remove();
    const [file] = field.files;
    if (file && file.size > Number(field.dataset.limit)) {
      note.textContent = field.dataset.tooLarge;
      field.value = "";
      field.closest(".form-row").prepend(note);
    }
  });
});
