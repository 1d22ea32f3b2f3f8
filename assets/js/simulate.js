// simulate.js - sliders beside the numbers of a simulation, and results that
// are drawn anew without loading the page. Without it the form works as it is.
"use strict";

const form = document.querySelector("form.simulate");
let asked = 0; // of the latest question: answers to older ones are dropped

// Puts the results of an address in place of those that are shown.
async function show(address) {
    const mine = ++asked;
    const old = document.getElementById("results");
    if (old) old.setAttribute("aria-busy", "true");
    const answer = await fetch(address, { headers: { Accept: "text/html" } });
    const text = await answer.text();
    if (mine !== asked) return;
    const page = new DOMParser().parseFromString(text, "text/html");
    const made = page.getElementById("results");
    if (!answer.ok || !made || !old) {
        location.assign(address);
        return;
    }
    document.getElementById("glance").replaceWith(
        document.adoptNode(page.getElementById("glance")));
    old.replaceWith(document.adoptNode(made));
    history.replaceState(null, "", answer.url);
    for (const link of document.querySelectorAll(".sizes a, .lang, .foot a")) {
        const fresh = page.querySelector(`a[href$="${link.getAttribute("href")
            .split(/[?&]/).pop()}"]`);
        if (fresh) link.setAttribute("href", fresh.getAttribute("href"));
    }
}

// The address that the form would send; the server drops what is as the law
// has it.
function address() {
    const fields = new URLSearchParams();
    for (const [name, value] of new FormData(form)) {
        if (value !== "") fields.append(name, value);
    }
    return `/p/simulate?${fields}`;
}

function run() {
    show(address()).catch(() => form.requestSubmit());
}

function addSlider(input) {
    const slider = document.createElement("input");
    slider.type = "range";
    slider.min = "0";
    slider.max = input.dataset.most;
    slider.step = input.dataset.step;
    slider.value = input.value === "" ? slider.max : input.value;
    slider.setAttribute("aria-label",
        document.querySelector(`label[for="${CSS.escape(input.id)}"]`)
            .textContent.trim());
    slider.addEventListener("input", () => { input.value = slider.value; });
    slider.addEventListener("change", run);
    input.addEventListener("change", () => {
        if (input.value !== "") slider.value = input.value;
        run();
    });
    const row = document.createElement("div");
    row.className = "slider";
    input.replaceWith(row);
    row.append(input, slider);
}

if (form) {
    form.querySelectorAll("input[data-most]").forEach(addSlider);
    form.querySelectorAll("select").forEach((s) =>
        s.addEventListener("change", run));
}
