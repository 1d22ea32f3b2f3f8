// drafts.js - the forms of a draft stand beside each other: who sends one, or
// goes elsewhere, while another is typed in and not saved is asked first. A
// button that is pressed twice sends once. All works without it.
"use strict";

const twice = 1000; // milliseconds within which a second press is none
let sent = null; // the form that is on its way
let pressed = { form: null, at: 0 };

const typedIn = (form) => [...form.elements].some((field) =>
    field.type !== "hidden" && field.defaultValue !== undefined &&
    field.tagName !== "BUTTON" && field.value !== field.defaultValue);

document.addEventListener("submit", (event) => {
    const form = event.target;
    const again = pressed.form === form &&
        event.timeStamp - pressed.at < twice;
    if (again) {
        event.preventDefault();
        return;
    }
    pressed = { form, at: event.timeStamp };
    sent = form;
});

window.addEventListener("beforeunload", (event) => {
    const own = sent;
    sent = null; // who stays may send another
    const forms = [...document.querySelectorAll("main form")];
    if (forms.some((form) => form !== own && typedIn(form))) {
        pressed = { form: null, at: 0 };
        event.preventDefault();
    }
});
