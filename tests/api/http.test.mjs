// What the door does before anyone looks at what is wanted: framing, paths,
// methods, headers, the embedded UI, and its own three addresses.
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { connect } from "node:tls";
import { House } from "./lib.mjs";

const CSP = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; " +
  "base-uri 'none'; form-action 'self'; frame-ancestors 'none'; require-trusted-types-for 'script'";

describe("http", () => {
  let house;
  before(async () => { house = await new House({ name: "http" }).start(); });
  after(() => house?.stop());

  /** Writes bytes as they are; -> everything that came back until the other side closed or `enough`. */
  const raw = (bytes, enough = () => false) => new Promise((answered, failed) => {
    let text = "";
    const s = connect({ host: "127.0.0.1", port: house.port, ca: house.ca, servername: "localhost" }, () => s.write(bytes));
    s.setTimeout(10_000, () => { s.destroy(); failed(new Error(`no answer to ${JSON.stringify(bytes)}: ${text}`)); });
    s.on("data", (d) => { text += d; if (enough(text)) s.end(); });
    s.on("close", () => answered(text));
    s.on("error", (e) => (text ? answered(text) : failed(e)));
  });
  const status = (text) => Number(/^HTTP\/1\.1 (\d+)/.exec(text)?.[1]);
  const auth = () => `Authorization: Bearer ${house.token}\r\n`;

  describe("a request whose end is not clear is refused", () => {
    const post = "POST /api/v1/networks HTTP/1.1\r\nHost: h\r\nContent-Type: application/json\r\n";
    const rows = {
      "two lengths": `${post}AUTHContent-Length: 2\r\nContent-Length: 3\r\n\r\n{}`,
      "a length and chunks": `${post}AUTHContent-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n`,
      "an unknown coding": `${post}AUTHTransfer-Encoding: xchunked\r\n\r\n0\r\n\r\n`,
      "two hosts": `GET /api/v1/appliance HTTP/1.1\r\nHost: a\r\nHost: b\r\nAUTH\r\n`,
      "no host": `GET /api/v1/appliance HTTP/1.1\r\nAUTH\r\n`,
      "a length that is none": `${post}AUTHContent-Length: 0x2\r\n\r\n{}`,
      "a negative length": `${post}AUTHContent-Length: -2\r\n\r\n{}`,
      "a blank before the colon": `${post}AUTHContent-Length : 2\r\n\r\n{}`,
      "two tokens": `GET /api/v1/appliance HTTP/1.1\r\nHost: h\r\nAUTHAuthorization: Bearer x\r\n\r\n`,
    };
    for (const [what, bytes] of Object.entries(rows))
      test(what, async () => {
        // What follows would be another request, if the first one ended elsewhere.
        const smuggled = "GET /healthz HTTP/1.1\r\nHost: h\r\nX-Request-Id: smuggled\r\n\r\n";
        const text = await raw(bytes.replace("AUTH", auth()) + smuggled, (t) => /\r\n\r\n/.test(t));
        assert.equal(status(text), 400, text);
        assert.doesNotMatch(text, /smuggled/);
      });
  });

  test("nothing of it was done", async () => {
    assert.deepEqual((await house.must(200, "GET", "/networks")).items, []);
  });

  describe("a path that is not plain is refused", () => {
    for (const path of ["/api/v1/networks%00", "/api/v1/profiles/a%2Fb", "/api/v1/../v1/networks", "/api/v1/%2e%2e/x",
      "/api/v1//networks", "/api/v1/networks%", "/api/v1/networks%zz", "/api/v1/%ff", "http://h/api/v1/networks", "*",
      `/api/v1/${"a".repeat(3000)}`])
      test(path.slice(0, 40), async () => {
        const text = await raw(`GET ${path} HTTP/1.1\r\nHost: h\r\n${auth()}Connection: close\r\n\r\n`);
        assert.equal(status(text), 400, text);
        assert.match(text, /application\/problem\+json/);
      });
  });

  test("a head that is too large is refused", async () => {
    const text = await raw(`GET / HTTP/1.1\r\nHost: h\r\nX: ${"a".repeat(40_000)}\r\n\r\n`);
    assert.ok([400, 431].includes(status(text)), text.slice(0, 200));
  });

  test("two requests in one packet get two answers, in order", async () => {
    const one = (id) => `GET /healthz HTTP/1.1\r\nHost: h\r\nX-Request-Id: ${id}\r\n\r\n`;
    const text = await raw(one("first") + one("second"), (t) => t.split('{"status":"ok"}').length > 2);
    assert.match(text, /X-Request-Id: first[^]*X-Request-Id: second/);
  });

  test("a refusal does not end the connection", async () => {
    const text = await raw("GET /api/v1/slots HTTP/1.1\r\nHost: h\r\n\r\nOPTIONS /api/v1/slots HTTP/1.1\r\nHost: h\r\n\r\n" +
      "GET /healthz HTTP/1.1\r\nHost: h\r\n\r\n", (t) => t.includes('{"status":"ok"}'));
    assert.deepEqual([...text.matchAll(/HTTP\/1\.1 (\d+)/g)].map((m) => m[1]), ["401", "204", "200"]);
  });

  test("every answer has the headers that protect", async () => {
    for (const [method, path, options] of [["GET", "/api/v1/appliance", {}], ["GET", "/healthz", {}], ["GET", "/", {}],
      ["GET", "/nothing.js", {}], ["GET", "/api/v1/appliance", { token: null }], ["PUT", "/api/v1/appliance", {}]]) {
      const { headers } = await house.call(method, path, { root: true, ...options });
      assert.equal(headers["content-security-policy"], CSP, path);
      assert.equal(headers["x-content-type-options"], "nosniff");
      assert.equal(headers["referrer-policy"], "no-referrer");
      assert.match(headers["strict-transport-security"], /max-age=\d+/);
      assert.ok(headers["x-request-id"]);
    }
  });

  test("answers of the API are not kept, and say which request they answer", async () => {
    const r = await house.get("/appliance", { headers: { "X-Request-Id": "mine.1" } });
    assert.equal(r.headers["cache-control"], "no-store");
    assert.equal(r.headers["x-request-id"], "mine.1");
    const bad = await house.get("/nothing", { headers: { "X-Request-Id": "mine.2" } });
    assert.equal(bad.body.requestId, "mine.2");
    assert.equal(bad.body.instance, "/api/v1/nothing");
    const forged = await house.get("/nothing", { headers: { "X-Request-Id": "a b" } });
    assert.notEqual(forged.body.requestId, "a b");
  });

  test("each path knows HEAD and OPTIONS, and says Allow to what it does not know", async () => {
    const { paths } = await house.must(200, "GET", "/openapi.json");
    const all = Object.keys(paths).map((p) => p.replace(/\{[^}]*\}/g, "1"));
    assert.ok(all.length > 20);
    for (const [i, path] of all.entries()) {
      const known = Object.keys(paths[Object.keys(paths)[i]]).filter((m) => /^(get|put|post|patch|delete)$/.test(m));
      const options = await house.call("OPTIONS", path, { token: null });
      assert.equal(options.status, 204, path);
      for (const m of known) assert.match(options.headers.allow, new RegExp(m, "i"), path);
      const odd = await house.call("TRACE", path);
      assert.equal(odd.status, 405, path);
      assert.equal(odd.headers.allow, options.headers.allow);
      assert.match(odd.headers.allow, /OPTIONS/);
    }
  });

  test("HEAD is GET without a body", async () => {
    const head = await house.call("HEAD", "/appliance"), get = await house.get("/appliance");
    assert.equal(head.status, 200);
    assert.equal(head.text, "");
    assert.equal(head.headers["content-length"], get.headers["content-length"]);
  });

  test("what has not changed is 304", async () => {
    await house.must(201, "POST", "/networks", { name: "kept", vlan: 77 });
    const first = await house.get("/networks/kept");
    assert.match(first.headers.etag, /^"[^"]+"$/);
    const again = await house.get("/networks/kept", { headers: { "If-None-Match": `"x", ${first.headers.etag}` } });
    assert.equal(again.status, 304);
    assert.equal(again.text, "");
    const other = await house.get("/networks/kept", { headers: { "If-None-Match": '"x"' } });
    assert.equal(other.status, 200);
  });

  test("the UI is one page, kept by its tag, compressed when asked", async () => {
    const page = await house.get("/", { root: true, token: null });
    assert.equal(page.status, 200);
    assert.match(page.headers["content-type"], /^text\/html/);
    assert.match(page.text, /<script/);
    assert.doesNotMatch(page.text, /<script>[^<]/, "no script in the page");
    for (const path of ["/slots/3", "/help/errors/VlanRange", "/index.html"])
      assert.equal((await house.get(path, { root: true, token: null })).text, page.text);
    const kept = await house.get("/", { root: true, headers: { "If-None-Match": page.headers.etag } });
    assert.equal(kept.status, 304);
    const gz = await house.get("/app.js", { root: true, headers: { "Accept-Encoding": "gzip" } });
    assert.equal(gz.headers["content-encoding"], "gzip");
    assert.equal(gz.headers.vary, "Accept-Encoding");
    const plain = await house.get("/app.js", { root: true });
    assert.equal(plain.headers["content-encoding"], undefined);
    assert.notEqual(gz.headers.etag, plain.headers.etag);
    assert.equal((await house.get("/missing.js", { root: true })).status, 404);
    assert.equal((await house.call("POST", "/", { root: true })).status, 405);
  });

  test("healthz, readyz and metrics", async () => {
    assert.deepEqual((await house.get("/healthz", { root: true, token: null })).body, { status: "ok" });
    assert.deepEqual((await house.get("/readyz", { root: true, token: null })).body, { status: "ok" });
    const { text, headers } = await house.get("/metrics", { root: true, token: null });
    assert.match(headers["content-type"], /^text\/plain; version=0\.0\.4/);
    for (const name of ["generation", "view_number", "view_age_seconds", "jobs_open", "http_requests_total", "logins_total",
      "event_streams", "build_info"])
      assert.match(text, new RegExp(`^polyrootd_${name}(\\{[^}]*\\})? [-0-9.e+]+$`, "m"), name);
    for (const line of text.trim().split("\n"))
      assert.match(line, /^(# (HELP|TYPE) [a-z_]+ .+|[a-z_]+(\{[a-z]+="[^"]*"\})? -?[0-9.e+]+)$/);
  });
});
