// proxy.mjs - the shipped nginx and HAProxy configurations in front of the
// pages: what libmicrohttpd cannot see is refused at the edge, and nothing is
// answered twice. A proxy that is not installed is passed over with a note.
import { execFileSync, spawn } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync }
    from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import tls from "node:tls";
import { expect, finish, rule, startServer } from "./browser.mjs";

const folder = mkdtempSync(join(tmpdir(), "sanad-proxy-"));

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

function makeCertificate() {
    execFileSync("openssl", ["req", "-x509", "-newkey", "rsa:2048", "-nodes",
        "-days", "2", "-subj", "/CN=sanad.example.gov.sa",
        "-keyout", join(folder, "key.pem"), "-out", join(folder, "cert.pem")],
    { stdio: "ignore" });
    writeFileSync(join(folder, "both.pem"),
        readFileSync(join(folder, "cert.pem"), "utf8") +
        readFileSync(join(folder, "key.pem"), "utf8"));
}

// Sends bytes over TLS; gives all that comes back within two seconds.
function talk(port, request) {
    return new Promise((resolve) => {
        let reply = "";
        const socket = tls.connect({ port, host: "127.0.0.1",
            rejectUnauthorized: false, servername: "sanad.example.gov.sa" },
        () => socket.write(Buffer.from(request, "latin1")));
        const done = () => { socket.destroy(); resolve(reply); };
        const timer = setTimeout(done, 2000);
        socket.on("data", (data) => { reply += data.toString("latin1"); });
        socket.on("error", () => { clearTimeout(timer); done(); });
        socket.on("close", () => { clearTimeout(timer); resolve(reply); });
    });
}

const host = "Host: sanad.example.gov.sa\r\n";
const form = "Content-Type: application/x-www-form-urlencoded\r\n";
const smuggled = "GET /healthz HTTP/1.1\r\n" + host + "\r\n";
const hostile = {
    "length and chunks": `POST /signin HTTP/1.1\r\n${host}${form}` +
        `Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n` +
        smuggled,
    "two lengths": `POST /signin HTTP/1.1\r\n${host}${form}` +
        `Content-Length: 0\r\nContent-Length: 70\r\n\r\n${smuggled}`,
    "a length with a sign": `POST /signin HTTP/1.1\r\n${host}${form}` +
        `Content-Length: +5\r\n\r\nabcde`,
    "a length with a space before the colon":
        `POST /signin HTTP/1.1\r\n${host}${form}Content-Length : 5\r\n\r\nabcde`,
    "an unknown transfer coding": `POST /signin HTTP/1.1\r\n${host}${form}` +
        `Transfer-Encoding: x\r\n\r\n`,
    "NUL in a value": `GET / HTTP/1.1\r\n${host}X: a\0b\r\n\r\n`,
    "bare CR in a value": `GET / HTTP/1.1\r\n${host}X: a\rb\r\n\r\n`,
    "two hosts": `GET / HTTP/1.1\r\n${host}Host: other\r\n\r\n`,
    "no host": `GET / HTTP/1.1\r\n\r\n`,
    "a head of 100 kB": `GET / HTTP/1.1\r\n${host}X: ${"a".repeat(100000)}` +
        "\r\n\r\n",
    "a body over the limit": `POST /signin HTTP/1.1\r\n${host}${form}` +
        `Content-Length: 70000\r\n\r\n${"a".repeat(70000)}`,
};

async function checkProxy(name, port) {
    const get = (path, more = "") => talk(port,
        `GET ${path} HTTP/1.1\r\n${host}${more}Connection: close\r\n\r\n`);
    await rule(`${name}: a page comes through`, async () => {
        const reply = await get("/");
        expect(reply.startsWith("HTTP/1.1 200"), reply.slice(0, 80));
        expect(/strict-transport-security: max-age/i.test(reply), "no HSTS");
        expect(/content-security-policy: default-src 'none'/i.test(reply),
            "no policy");
    });
    await rule(`${name}: cookies are for this host by TLS alone`, async () => {
        const reply = await get("/?lang=en");
        expect(/set-cookie: __Host-lang=en;.*Secure/i.test(reply),
            "no __Host- cookie");
    });
    await rule(`${name}: metrics are not for outside`, async () => {
        const reply = await get("/metrics");
        expect(reply.startsWith("HTTP/1.1 404"), reply.slice(0, 80));
    });
    await rule(`${name}: a form is posted`, async () => {
        const page = await get("/signin");
        const secret = /__Host-form=([^;]+);/.exec(page)[1];
        const body = `csrf=${secret}&persona=noura`;
        const reply = await talk(port, `POST /signin/persona HTTP/1.1\r\n` +
            `${host}${form}Cookie: __Host-form=${secret}\r\n` +
            `Content-Length: ${body.length}\r\nConnection: close\r\n\r\n${body}`);
        expect(reply.startsWith("HTTP/1.1 303"), reply.slice(0, 80));
        expect(/set-cookie: __Host-session=/i.test(reply), "no session");
    });
    for (const [what, request] of Object.entries(hostile)) {
        await rule(`${name}: ${what} is refused, once`, async () => {
            const reply = await talk(port, request);
            const answers = reply.match(/HTTP\/1\.[01] \d\d\d/g) || [];
            expect(answers.every((a) => /[45]\d\d$/.test(a)),
                `answered ${answers.join(", ")}`);
            expect(!reply.includes("\r\n\r\nok"), "the smuggled one ran");
        });
    }
    await rule(`${name}: a folded line does not arrive as it was`, async () => {
        const reply = await talk(port,
            `GET / HTTP/1.1\r\n${host}X: a\r\n b\r\nConnection: close\r\n\r\n`);
        expect(/^HTTP\/1\.1 (200|400)/.test(reply), reply.slice(0, 80));
    });
}

async function run(name, program, file, edits, args) {
    if (!existsSync(program)) {
        console.log(`note: ${name} is not installed, not checked`);
        return;
    }
    const port = await freePort();
    const plain = await freePort();
    let text = readFileSync(file, "utf8");
    for (const [from, to] of edits(port, plain)) {
        expect(text.includes(from), `${file} has no ${from}`);
        text = text.replaceAll(from, to);
    }
    const made = join(folder, `${name}.conf`);
    writeFileSync(made, text);
    const child = spawn(program, args(made), { stdio: "inherit" });
    await new Promise((resolve) => setTimeout(resolve, 1000));
    await checkProxy(name, port);
    await rule(`${name}: it is still there`, async () => {
        expect(child.exitCode === null, `ended with ${child.exitCode}`);
    });
    if (child.exitCode !== null) return;
    const gone = new Promise((resolve) => child.once("exit", resolve));
    child.kill("SIGTERM");
    await gone;
}

process.env.FAKE_PROXY = "1";
const server = await startServer();
const inner = new URL(server.url).host;
try {
    makeCertificate();
    await run("nginx", "/usr/sbin/nginx", "deploy/nginx.conf",
        (port, plain) => [
            ["listen 80;", `listen 127.0.0.1:${plain};`],
            ["listen 443 ssl http2;", `listen 127.0.0.1:${port} ssl http2;`],
            ["/etc/ssl/sanad", folder],
            ["127.0.0.1:8080", inner],
            ["rate=20r/s", "rate=2000r/s"],
            ["rate=20r/m", "rate=2000r/m"],
            ["worker_processes auto;", "worker_processes 1; daemon off; " +
                `pid ${folder}/nginx.pid; error_log /dev/null;`],
        ],
        (made) => ["-p", folder, "-e", "/dev/null", "-c", made]);
    await run("haproxy", "/usr/sbin/haproxy", "deploy/haproxy.cfg",
        (port, plain) => [
            ["bind :80", `bind 127.0.0.1:${plain}`],
            ["bind :443", `bind 127.0.0.1:${port}`],
            ["/etc/ssl/sanad", folder],
            ["127.0.0.1:8080", inner],
        ],
        (made) => ["-q", "-f", made]);
} finally {
    await server.stop();
    rmSync(folder, { recursive: true });
    finish();
}
