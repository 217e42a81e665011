// Fields that complete names (Django's, by Select2): begun, and given their labels.

export function beginCompleting(root) {
  const found = window.django?.jQuery?.(root).find(".admin-autocomplete");
  found?.not(".select2-hidden-accessible").djangoAdminSelect2();
  nameCompleting(root);
}

// Select2 leaves the box in which one types without a name.
export function nameCompleting(root) {
  for (const select of root.querySelectorAll("select.select2-hidden-accessible")) {
    const name = select.labels[0]?.textContent.trim();
    const box = select.nextElementSibling?.querySelector(".select2-search__field");
    if (name) box?.setAttribute("aria-label", name);
  }
}
