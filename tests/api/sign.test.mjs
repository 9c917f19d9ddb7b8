// Who exported a document: signatures, trust keys, and the policy about them.
import assert from "node:assert/strict";
import { createPublicKey, verify } from "node:crypto";
import { after, before, describe, test } from "node:test";
import { House } from "./lib.mjs";

const XML = { type: "application/xml" };

describe("signatures", () => {
  let house, doc, own;
  const config = async () => (await house.call("GET", "/config?kind=logical", { headers: { Accept: "application/xml" } })).text;
  const up = (xml) => house.post("/imports?mode=merge", xml, XML);
  const policy = (requireSignature) => house.must(200, "PATCH", "/settings", { import: { requireSignature } });
  const part = (xml, tag) => new RegExp(`<${tag}[^>]*>([^<]*)</${tag}>`).exec(xml)[1];
  const attr = (xml, name) => new RegExp(` ${name}="([^"]*)"`).exec(xml)[1];

  before(async () => {
    house = await new House({ name: "sign" }).start();
    await house.must(201, "POST", "/networks", { name: "prod", vlan: 120 });
    doc = await config();
    own = (await house.must(200, "GET", "/trustKeys")).items.find((k) => k.own);
  });
  after(() => house?.stop());

  // Not our code: node's own Ed25519 over the five lines.
  test("an export is signed, and anybody can check it", () => {
    const key = createPublicKey({ format: "jwk", key: { kty: "OKP", crv: "Ed25519",
      x: Buffer.from(own.publicKey, "base64").toString("base64url") } });
    const lines = ["polyroot-config-v1", part(doc, "documentDigest"), part(doc, "contentDigest"), attr(doc, "applianceUuid"),
      attr(doc, "generation"), ""].join("\n");
    assert.equal(attr(doc, "keyId"), own.keyId);
    assert.ok(verify(null, Buffer.from(lines), key, Buffer.from(part(doc, "signature"), "base64")));
  });

  test("the same generation is the same bytes; without the setting it is not signed", async () => {
    assert.equal(await config(), doc);
    await house.must(200, "PATCH", "/settings", { export: { sign: false } });
    assert.ok(!(await config()).includes("<signature"));
    await house.must(200, "PATCH", "/settings", { export: { sign: null } });
    assert.equal(await config(), doc);
  });

  test("the secret half is nowhere to be read", async () => {
    for (const path of ["/trustKeys", `/trustKeys/${own.id}`, "/settings", "/appliance", "/audit", "/config"])
      assert.doesNotMatch((await house.get(path)).text, /secret|[A-Za-z0-9+/]{86}==/, path);
    assert.doesNotMatch(house.polyrootd.said, /[A-Za-z0-9+/]{86}==/);
  });

  for (const [name, edit, state, severities] of [
    ["its own export", (x) => x, "known", ["", "", ""]],
    ["one that nobody signed", (x) => x.replace(/\s*<signature.*<\/signature>/, ""), "unsigned", ["", "C", "B"]],
    ["one that was edited", (x) => x.replace('vlan="120"', 'vlan="121"'), "bad", ["C", "C", "B"]],
    ["one of a stranger", (x) => x.replace(own.keyId, "0123456789abcdef"), "stranger", ["", "C", "B"]],
  ]) test(`${name} under each policy`, async () => {
    for (const [i, word] of ["never", "warn", "always"].entries()) {
      await policy(word);
      const r = await up(edit(doc));
      const found = (r.body.plan?.checks ?? r.body.errors).find((c) => ["DocumentUnsigned", "SignatureInvalid"].includes(c.code));
      assert.equal(found?.severity ?? "", severities[i], `${word}: ${r.text}`);
      if (found) assert.ok(found.remedy);
      if (r.status === 201) assert.equal(r.body.document.signature.state, state);
      if (severities[i] === "") assert.equal(r.status, 201);
      if (severities[i] === "B" && r.status === 201) assert.equal(r.body.plan.applicable, false);
    }
    await policy(null);
  });
});
