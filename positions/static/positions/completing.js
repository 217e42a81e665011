// Fields that complete names (Django's, by Select2): begun, and given their labels.

export function beginCompleting(root) {
  const found = window.django?.jQuery?.(root).find(".admin-autocomplete");
  found?.not(".select2-hidden-accessible").djangoAdminSelect2();
  nameCompleting(root);
}

// Select2 leaves the box in which one types without a name, and calls the field of
// one record by what is chosen in it, which may be nothing.
export function nameCompleting(root) {
  for (const select of root.querySelectorAll("select.select2-hidden-accessible")) {
    const name = nameOf(select);
    const made = select.nextElementSibling;
    if (!name || !made) continue;
    nameBox(made, name);
    const field = made.querySelector(".select2-selection--single");
    if (!field) continue;
    const chosen = field.querySelector(".select2-selection__rendered");
    field.id ||= `${chosen.id}-field`;
    field.setAttribute("aria-label", name);
    // Its own name, then what is chosen in it.
    field.setAttribute("aria-labelledby", `${field.id} ${chosen.id}`);
    chosen.setAttribute("aria-labelledby", field.id);
  }
}

export function nameOf(select) {
  const label = select.labels[0]?.textContent.trim().replace(/:$/, "");
  return label || select.getAttribute("aria-label");
}

// The box for typing, which a field of one record has only as long as it is open.
export function nameBox(made, name) {
  made.querySelector(".select2-search__field")?.setAttribute("aria-label", name);
}
