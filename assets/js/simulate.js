// simulate.js - sliders beside the numbers of a simulation, and results that
// come without loading the page, at once or when they are done. Without it the
// form works as it is, and a page that waits reloads itself.
"use strict";

const form = document.querySelector("form.simulate");
const again = 500; // milliseconds between two looks at a job
let asked = 0; // of the latest question: answers to older ones are dropped

const part = (page, id) => page.getElementById(id);

// Puts a part of another page in place of ours; it may be missing in either.
function swap(page, id, before) {
    const old = part(document, id);
    const fresh = part(page, id);
    const held = old && old.contains(document.activeElement);
    if (held) {
        // a button that goes takes the focus with it, unless it is passed on
        setTimeout(() => {
            const next = part(document, id) || part(document, "results");
            if (!next || document.activeElement !== document.body) return;
            next.tabIndex = -1;
            next.focus();
        });
    }
    if (old && fresh) old.replaceWith(document.adoptNode(fresh));
    else if (old) old.remove();
    else if (fresh && before) before.before(document.adoptNode(fresh));
}

// What is told of a job: what stays is left in place, for the focus and for
// those who listen.
function showState(page) {
    const old = part(document, "state");
    const fresh = part(page, "state");
    if (!old || !fresh || !old.dataset.open || !fresh.dataset.open) {
        swap(page, "state", part(document, "results") ||
            part(document, "ending"));
        return;
    }
    for (const id of ["state-title", "state-text", "state-percent"]) {
        const text = part(page, id).textContent;
        if (part(document, id).textContent !== text) {
            part(document, id).textContent = text;
        }
    }
    part(document, "state-far").value = part(page, "state-far").value;
    part(document, "state-next").href = part(page, "state-next").href;
    for (const name of ["job", "query", "page"]) {
        old.querySelector(`[name="${name}"]`).value =
            fresh.querySelector(`[name="${name}"]`).value;
    }
}

// Addresses elsewhere in the page that carry the question.
function showLinks(page) {
    for (const link of document.querySelectorAll(".sizes a, .lang, .foot a")) {
        const fresh = page.querySelector(`a[href$="${link.getAttribute("href")
            .split(/[?&]/).pop()}"]`);
        if (fresh) link.setAttribute("href", fresh.getAttribute("href"));
    }
}

// Looks on at a job until there is something to show.
function look() {
    const mine = asked;
    const next = part(document, "state-next");
    if (!next) return;
    setTimeout(() => {
        if (mine === asked) show(next.href).catch(look);
    }, again);
}

// Shows what an address answers with, without loading the page.
async function show(address, options) {
    const mine = ++asked;
    const old = part(document, "results");
    if (old) old.setAttribute("aria-busy", "true");
    const answer = await fetch(address, options);
    const text = await answer.text();
    if (mine !== asked) return;
    const page = new DOMParser().parseFromString(text, "text/html");
    if (!part(page, "state") && !part(page, "results")) {
        location.assign(address);
        return;
    }
    showState(page);
    if (part(page, "results")) {
        swap(page, "tries");
        swap(page, "glance", form && form.nextSibling);
        swap(page, "results", part(document, "ending"));
        history.replaceState(null, "", answer.url);
        showLinks(page);
    }
    if (part(document, "state-next")) look();
    else if (old) old.removeAttribute("aria-busy");
}

// The address that the form would send; the server drops what is as the law
// has it.
function address() {
    const fields = new URLSearchParams();
    for (const [name, value] of new FormData(form)) {
        if (value !== "") fields.append(name, value);
    }
    return `${form.getAttribute("action")}?${fields}`;
}

// A figure was changed. Where the answer takes minutes it waits for the
// button, and says that what is shown is not yet of these figures.
function run() {
    if (form.dataset.byButton === undefined) {
        show(address()).catch(() => form.requestSubmit());
        return;
    }
    const moved = part(document, "moved");
    if (moved) moved.hidden = false;
}

// A number with Arabic or Persian digits and their signs, as scripts read it.
const plain = (typed) => typed
    .replace(/[\u0660-\u0669\u06f0-\u06f9]/g,
        (digit) => digit.charCodeAt(0) & 15)
    .replace(/[\u066c,\s]/g, "").replace("\u066b", ".");

function addSlider(input) {
    const slider = document.createElement("input");
    slider.type = "range";
    slider.min = "0";
    slider.max = input.dataset.most;
    slider.step = input.dataset.step;
    slider.value = input.value === "" ? slider.max : plain(input.value);
    slider.setAttribute("aria-label",
        document.querySelector(`label[for="${CSS.escape(input.id)}"]`)
            .textContent.trim());
    slider.addEventListener("input", () => { input.value = slider.value; });
    slider.addEventListener("change", run);
    input.addEventListener("change", () => {
        if (input.value !== "") slider.value = plain(input.value);
        run();
    });
    const row = document.createElement("div");
    row.className = "slider";
    input.replaceWith(row);
    row.append(input, slider);
}

if (form) {
    for (const fields of form.querySelectorAll("fieldset")) {
        fields.disabled = false;
    }
    form.querySelectorAll("input[data-most]").forEach(addSlider);
    form.querySelectorAll("select").forEach((s) =>
        s.addEventListener("change", s.dataset.anew
            ? () => form.requestSubmit() : run));
}

document.addEventListener("submit", (event) => {
    if (!event.target.matches("form.stop")) return;
    event.preventDefault();
    show(event.target.getAttribute("action"), {
        method: "POST", body: new URLSearchParams(new FormData(event.target)),
    }).catch(() => event.target.submit());
});
look();
