// Improvements only: every page reads and submits without this file.
// Words come from data- attributes of the page, in the reader's language.

const find = (selector, within = document) => [...within.querySelectorAll(selector)];

// data-counter: how much of a text's limit is left, in characters as the server counts them.
function count(area) {
  const line = document.getElementById(`${area.id}-count`);
  if (!line) return;
  const said = document.createElement("span");
  said.className = "vh";
  said.setAttribute("role", "status");
  line.after(said);
  let later;
  const show = () => {
    const left = area.dataset.counter - [...area.value].length;
    const key = (left < 0 ? "over" : "left") + (Math.abs(left) === 1 ? "One" : "");
    line.textContent = line.dataset[key].replace("{n}", Math.abs(left));
    line.classList.toggle("over", left < 0);
    return left;
  };
  area.addEventListener("input", () => {
    const left = show();
    clearTimeout(later);
    later = setTimeout(() => { if (left <= 20) said.textContent = line.textContent; }, 1200);
  });
  show();
}

// data-total: what the fields with its id in data-share add up to.
function total(line) {
  const shares = find(`[data-share="${line.id}"]`);
  const show = () => {
    const sum = shares.reduce((sofar, share) => sofar + (Number(share.value) || 0), 0);
    const isEmpty = shares.every((share) => !share.value.trim());
    line.textContent = isEmpty ? "" : line.dataset.total.replace("{n}", sum);
    line.classList.toggle("over", !isEmpty && sum !== 100);
  };
  shares.forEach((share) => share.addEventListener("input", show));
  show();
}

// data-unsaved: ask before leaving a form that was changed and not sent.
let changed = false;
function watch(form) {
  form.addEventListener("input", () => { changed = true; });
  form.addEventListener("submit", () => { changed = false; });
  if (form.querySelector(".error")) changed = true;
}
addEventListener("beforeunload", (event) => { if (changed) event.preventDefault(); });

// data-rows: add and remove a row without asking the server.
function growRows(list) {
  const rows = () => find(":scope > [data-row]", list);
  const add = list.querySelector(":scope > [data-add]");
  const settle = () => {
    rows().forEach((row, i) => number(row, list.dataset.rows, i));
    if (add) add.hidden = rows().length >= (list.dataset.max || Infinity);
  };
  add?.addEventListener("click", (event) => {
    const last = rows().at(-1);
    if (!last) return;
    event.preventDefault();
    const copy = blank(last);
    number(copy, list.dataset.rows, rows().length);
    last.after(copy);
    settle();
    find("[data-counter]", copy).forEach(count);
    copy.querySelector("input:not([type=hidden]), select, textarea")?.focus();
  });
  list.addEventListener("click", (event) => {
    const row = event.target.closest("[data-remove]")?.closest("[data-row]");
    if (!row || rows().length < 2) return;
    event.preventDefault();
    row.remove();
    changed = true;
    settle();
    list.focus();
  });
}

// Give a row its place: in what is read, and in the names the server reads.
function number(row, name, place) {
  const old = new RegExp(`(^|\\s)${name}-\\d+(?=-|\\s|$)`, "g");
  find("[data-n]", row).forEach((n) => { n.textContent = place + 1; });
  for (const one of find("[name], [id], [for], [aria-describedby]", row)) {
    for (const key of ["id", "name", "for", "aria-describedby", one.tagName === "BUTTON" ? "value" : "id"]) {
      const value = one.getAttribute(key);
      if (value) one.setAttribute(key, value.replace(old, `$1${name}-${place}`));
    }
  }
}

// A copy of a row, empty and without the old row's errors.
function blank(row) {
  const copy = row.cloneNode(true);
  find(".error, .count + .vh", copy).forEach((one) => one.remove());
  find(".wrong", copy).forEach((field) => field.classList.remove("wrong"));
  find("[aria-invalid]", copy).forEach((field) => field.removeAttribute("aria-invalid"));
  find("input, select, textarea", copy).forEach(empty);
  return copy;
}

function empty(field) {
  if (field.type === "checkbox" || field.type === "radio") field.checked = false;
  else if (field.tagName === "SELECT") field.selectedIndex = 0;
  else field.value = "";
}

// data-poll: fetch the progress again; follow when the work is done.
async function poll(box) {
  await new Promise((resolve) => setTimeout(resolve, box.dataset.poll * 1000));
  if (document.hidden) return poll(box);
  try {
    const answer = await fetch(location.href, { headers: { Accept: "text/html" } });
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const fresh = page.querySelector("[data-poll]");
    if (answer.redirected) return location.assign(answer.url);
    if (!fresh) return location.reload();
    const [bar, text] = ["progress", "p"].map((tag) => fresh.querySelector(tag));
    const shown = box.querySelector("progress");
    if (bar.hasAttribute("value")) shown.value = bar.value;
    box.querySelector("p").textContent = text.textContent;
  } catch { /* no network: try again */ }
  return poll(box);
}

// data-steps: j and k go from one line's link to the next and back.
function step(list) {
  const links = find("th a", list);
  document.addEventListener("keydown", (event) => {
    const by = { j: 1, k: -1 }[event.key];
    const isTyping = event.target.closest("input:not([type=checkbox], [type=radio]), select, textarea");
    if (!by || isTyping || event.ctrlKey || event.metaKey || event.altKey) return;
    const here = links.indexOf(document.activeElement.closest("tr")?.querySelector("th a"));
    links[here < 0 ? (by > 0 ? 0 : links.length - 1) : here + by]?.focus();
  });
}

find("[data-counter]").forEach(count);
find("[data-total]").forEach(total);
find("[data-unsaved]").forEach(watch);
find("[data-rows]").forEach(growRows);
find("[data-poll]").forEach(poll);
find("[data-steps]").forEach(step);
find("[data-focus]").forEach((summary) => summary.focus());
