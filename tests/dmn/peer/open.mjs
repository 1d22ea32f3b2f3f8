// open - models in dmn-js, the editor of others, in Debian's Chromium.
//   open.mjs FOLDER: reads FOLDER/jobs.json, a list of {in, out, edit}: opens
//   the model `in`, edits it as `edit` says, saves it as `out`. Prints one
//   JSON line for each: {in, warnings, tables, shown}: shown are the texts of
//   the cells of the table that was opened.
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";

const folder = process.argv[2];
const require = createRequire(join(folder, "modules.cjs"));
const { chromium } = require("playwright-core");
const editor = require.resolve("dmn-js/dist/dmn-modeler.development.js");

// Runs in the page.
async function open({ xml, edit }) {
    const modeler = new window.DmnJS({
        container: document.querySelector("#editor"),
        height: 600,
        width: 1000,
    });
    const { warnings } = await modeler.importXML(xml);
    const views = modeler.getViews();
    const tables = views.filter((view) => view.type === "decisionTable");
    const wanted = edit ? edit.decision : tables[0].element.name;
    const view = tables.find(({ element }) => element.name === wanted);
    const opened = await modeler.open(view);
    const active = modeler.getActiveViewer();
    const sheet = () => active.get("sheet").getRoot();
    const modeling = active.get("modeling");
    for (const [row, column, text] of edit?.cells ?? []) {
        const cell = sheet().rows[row - 1].cells[column - 1];
        modeling.editCell(cell.businessObject, text);
    }
    if (edit?.addRow) {
        const made = modeling.addRow({ type: "dmn:DecisionRule" });
        edit.addRow.forEach((text, i) =>
            modeling.editCell(made.cells[i].businessObject, text),
        );
    }
    if (edit?.removeRow) modeling.removeRow(sheet().rows[edit.removeRow - 1]);
    const shown = [...document.querySelectorAll("#editor tbody tr")].map((row) =>
        [...row.querySelectorAll("td.cell, td[data-element-id]")].map((cell) =>
            cell.textContent.trim(),
        ),
    );
    const saved = await modeler.saveXML({ format: true });
    modeler.destroy();
    return {
        xml: saved.xml,
        warnings: [...warnings, ...(opened.warnings ?? [])].map(String),
        tables: tables.length,
        shown,
    };
}

const path = ["/usr/bin/chromium", "/usr/bin/chromium-browser"].find(
    existsSync,
);
const browser = await chromium.launch({
    executablePath: process.env.CHROMIUM || path,
    args: ["--no-sandbox", "--disable-gpu"],
});
const page = await browser.newPage();
await page.setContent('<div id="editor"></div>');
await page.addScriptTag({ path: editor });
for (const job of JSON.parse(readFileSync(join(folder, "jobs.json"), "utf8"))) {
    const xml = readFileSync(join(folder, job.in), "utf8");
    const { xml: saved, ...told } = await page.evaluate(open, {
        xml,
        edit: job.edit,
    });
    writeFileSync(join(folder, job.out), saved);
    console.log(JSON.stringify({ in: job.in, ...told }));
}
await browser.close();
