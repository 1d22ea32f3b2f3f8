// browser.mjs - what the browser tests share: the server, Chromium, counting.
import { spawn } from "node:child_process";
import { createServer } from "node:net";
import { mkdirSync, existsSync } from "node:fs";
import { createRequire } from "node:module";
import { chromium } from "playwright-core";

const require = createRequire(import.meta.url);
export const axePath = require.resolve("axe-core/axe.min.js");
export const shots = process.env.SHOTS || "build/screenshots";

let passed = 0;
let failed = 0;

// One rule: passes when `check` does not throw.
export async function rule(name, check) {
    try {
        await check();
        passed++;
    } catch (error) {
        failed++;
        console.log(`FAIL ${name}: ${error.message}`);
    }
}

export function expect(condition, message) {
    if (!condition) throw new Error(message);
}

export function finish() {
    console.log(`${passed} passed, ${failed} failed`);
    process.exitCode = failed > 0 ? 1 : 0;
}

function freePort() {
    return new Promise((resolve, reject) => {
        const probe = createServer();
        probe.once("error", reject);
        probe.listen(0, "127.0.0.1", () => {
            const { port } = probe.address();
            probe.close(() => resolve(port));
        });
    });
}

// Starts the pages over made-up people; SANAD_URL names a server that runs.
// Where the lab is held, it works out nothing before letGo().
export async function startServer(held = false) {
    if (process.env.SANAD_URL && !held) {
        return { url: process.env.SANAD_URL, stop: async () => {} };
    }
    const program =
        process.env.FAKE_SITE || "build/release/tests/web/test_site";
    const port = await freePort();
    const child = spawn(program, {
        env: {
            ...process.env,
            CK_FORK: "no",
            TEST_ONLY: "serves_made_up_people_when_asked_to",
            FAKE_SERVER: `127.0.0.1:${port}`,
            ...(held ? { FAKE_HELD: "1" } : {}),
        },
        stdio: [held ? "pipe" : "ignore", "ignore", "inherit"],
    });
    const url = `http://127.0.0.1:${port}`;
    for (let i = 0; i < 100; i++) {
        try {
            const answer = await fetch(`${url}/healthz`);
            if (answer.ok) break;
        } catch {
            await new Promise((resolve) => setTimeout(resolve, 50));
        }
    }
    const stop = () =>
        new Promise((resolve) => {
            child.once("exit", resolve);
            child.stdin?.end(); // a lab that is held ends, too
            child.kill("SIGTERM");
        });
    return { url, stop, letGo: () => child.stdin.end("x") };
}

export async function startBrowser() {
    const path = ["/usr/bin/chromium", "/usr/bin/chromium-browser"].find(
        existsSync,
    );
    mkdirSync(shots, { recursive: true });
    return chromium.launch({
        executablePath: process.env.CHROMIUM || path,
        args: ["--no-sandbox", "--disable-gpu"],
    });
}

// Signs a context in as one of the demo's personas: a citizen by his place in
// the list, the first of the staff, who then says for what she reads, or the
// policy officer.
export async function signIn(page, url, place) {
    await page.goto(`${url}/signin`);
    if (place === "policy") {
        await page.locator("form:has([value='policy']) button.persona").click();
        await page.waitForURL(/\/p$/);
        return;
    }
    const chosen = place === "staff"
        ? page.locator("button.persona:has(.tag)").first()
        : page.locator("button.persona").nth(place);
    await chosen.click();
    await page.waitForURL(/\/(home|w)$|\/w\/purpose/);
    if (place === "staff") {
        await page.locator("button[value='objection']").click();
        await page.waitForURL(/\/w$/);
    }
}
