// Documents that mean harm, as a table: { name, bytes, code }.
//
// Each is refused with that code.  Tests send them to a real appliance and to
// nobody else; the addresses in them lead to a port and a file of the caller's,
// so that a reader which follows one is found out.
const NS = "urn:polyroot:config:1";
const root = (inside, attrs = "") => `<applianceConfig xmlns="${NS}" schemaVersion="1.0" kind="profile"${attrs}>${inside}</applianceConfig>`;
const profile = (inside) => root(`<profiles><profile name="p">${inside}</profile></profiles>`);
const times = (n, f) => Array.from({ length: n }, (_, i) => f(i)).join("");
const utf16 = (text, big = false) => {
  const bytes = Buffer.from(text, "utf16le");
  return big ? bytes.swap16() : bytes;
};
const utf32 = (text) => Buffer.concat([...text].map((c) => {
  const b = Buffer.alloc(4);
  b.writeUInt32LE(c.codePointAt(0));
  return b;
}));

/** file: a path that must not be opened; port: where nobody may connect. */
export function corpus({ file, port }) {
  const url = `http://127.0.0.1:${port}/x`;
  const doctype = (inside, rest = root("&x;")) => `<!DOCTYPE applianceConfig ${inside}>${rest}`;
  const entity = (decl, rest) => doctype(`[${decl}]`, rest);
  const laughs = times(12, (i) => `<!ENTITY l${i + 1} "${`&l${i};`.repeat(10)}">`);
  const list = [];
  const add = (code, rows) => {
    for (const [name, bytes] of rows) list.push({ name, bytes: Buffer.isBuffer(bytes) ? bytes : Buffer.from(bytes), code });
  };

  add("DocumentDoctype", [
    ["a declared entity", entity('<!ENTITY x "y">')],
    ["a billion laughs", entity(`<!ENTITY l0 "lol">${laughs}`, root("&l12;"))],
    ["quadratic blow-up", entity(`<!ENTITY x "${"a".repeat(50000)}">`, root("&x;".repeat(50000)))],
    ["laughs in an attribute", entity(`<!ENTITY l0 "lol">${laughs}`, root("", ' description="&l12;"'))],
    ["an entity of itself", entity('<!ENTITY x "&x;">')],
    ["two entities of each other", entity('<!ENTITY x "&y;"><!ENTITY y "&x;">')],
    ["an external entity: file", entity(`<!ENTITY x SYSTEM "file://${file}">`)],
    ["an external entity: path", entity(`<!ENTITY x SYSTEM "${file}">`)],
    ["an external entity: http", entity(`<!ENTITY x SYSTEM "${url}">`)],
    ["an external entity: https", entity(`<!ENTITY x SYSTEM "${url.replace("http", "https")}">`)],
    ["an external entity: ftp", entity(`<!ENTITY x SYSTEM "${url.replace("http", "ftp")}">`)],
    ["an external entity: public", entity(`<!ENTITY x PUBLIC "-//x" "file://${file}">`)],
    ["an external entity: a device that never ends", entity('<!ENTITY x SYSTEM "file:///dev/zero">')],
    ["an external entity: standard input", entity('<!ENTITY x SYSTEM "-">')],
    ["an external entity: expect", entity('<!ENTITY x SYSTEM "expect://id">')],
    ["an external entity: a compressed stream", entity('<!ENTITY x SYSTEM "php://filter/zlib.inflate/resource=x">')],
    ["an unparsed entity", entity(`<!NOTATION n SYSTEM "n"><!ENTITY x SYSTEM "file://${file}" NDATA n>`, root(""))],
    ["a parameter entity", entity('<!ENTITY % x "y">%x;', root(""))],
    ["a parameter entity: file", entity(`<!ENTITY % x SYSTEM "file://${file}">%x;`, root(""))],
    ["a parameter entity: http", entity(`<!ENTITY % x SYSTEM "${url}">%x;`, root(""))],
    ["a parameter entity that carries a file away", entity(`<!ENTITY % f SYSTEM "file://${file}"><!ENTITY % a ` +
      `"<!ENTITY &#37; b SYSTEM '${url}?%f;'>">%a;%b;`, root(""))],
    ["an external subset: http", doctype(`SYSTEM "${url}.dtd"`, root(""))],
    ["an external subset: file", doctype(`SYSTEM "file://${file}"`, root(""))],
    ["an external subset: public", doctype(`PUBLIC "-//W3C//DTD XHTML 1.0//EN" "${url}.dtd"`, root(""))],
    ["a default attribute", entity('<!ATTLIST applianceConfig kind CDATA "full">', root(""))],
    ["a content model", entity("<!ELEMENT applianceConfig ANY>", root(""))],
    ["a notation", entity('<!NOTATION n SYSTEM "/bin/sh">', root(""))],
    ["an empty doctype behind a comment", `<?xml version="1.0"?><!-- a --> <!DOCTYPE a>${root("")}`],
    ["a doctype in lower case", `<!doctype a>${root("")}`],
    ["a doctype inside the root", root("<!DOCTYPE a [<!ENTITY x 'y'>]>&x;")],
    ["a doctype behind the root", `${root("")}<!DOCTYPE a>`],
    ["a conditional section", entity('<![INCLUDE[<!ENTITY x "y">]]>', root(""))],
  ]);

  add("DocumentEncoding", [
    ["UTF-16 with a mark, little", utf16(`\ufeff${root("")}`)],
    ["UTF-16 with a mark, big", utf16(`\ufeff${root("")}`, true)],
    ["UTF-16 without a mark, little", utf16(root(""))],
    ["UTF-16 without a mark, big", utf16(root(""), true)],
    ["UTF-16 that says UTF-8", utf16(`<?xml version="1.0" encoding="UTF-8"?>${root("")}`)],
    ["UTF-8 that says UTF-16", `<?xml version="1.0" encoding="UTF-16"?>${root("")}`],
    ["UTF-32", utf32(root(""))],
    ["UTF-7 with a hidden entity", `<?xml version="1.0" encoding="UTF-7"?>+ADwAIQ-DOCTYPE a+AD4-${root("")}`],
    ["UTF-7 in single quotes", `<?xml version='1.0' encoding = 'utf-7' ?>${root("")}`],
    ["EBCDIC", `<?xml version="1.0" encoding="EBCDIC-CP-US"?>${root("")}`],
    ["ISO-8859-1", Buffer.from(`<?xml version="1.0" encoding="ISO-8859-1"?>${root("", ' x="ä"')}`, "latin1")],
    ["an encoding with UTF-8 in it", `<?xml version="1.0" encoding="UTF-8-not"?>${root("")}`],
    ["bytes that are no UTF-8", Buffer.concat([Buffer.from("<a>"), Buffer.from([0xc3, 0x28]), Buffer.from("</a>")])],
    ["an overlong slash", Buffer.concat([Buffer.from("<a>"), Buffer.from([0xc0, 0xaf]), Buffer.from("</a>")])],
    ["half a pair", Buffer.concat([Buffer.from("<a>"), Buffer.from([0xed, 0xa0, 0x80]), Buffer.from("</a>")])],
    ["beyond the last character", Buffer.concat([Buffer.from("<a>"), Buffer.from([0xf4, 0x90, 0x80, 0x80]), Buffer.from("</a>")])],
    ["a gzip", Buffer.from("1f8b0800000000000003b3b1afc8cd51284b2d2ace", "hex")],
    ["a NUL", root("\0")],
    ["a control character", root("\x08")],
    ["a character that is none", root("\ufffe")],
  ]);

  add("DocumentLimit", [
    ["50,000 attributes in 0.5 MB", `<applianceConfig xmlns="${NS}"${times(50000, (i) => ` a${i}=""`)}/>`],
    ["65 attributes", `<a${times(65, (i) => ` a${i}=""`)}/>`],
    ["65 namespaces", `<a${times(65, (i) => ` xmlns:a${i}="urn:a${i}"`)}/>`],
    ["33 levels", "<a>".repeat(33) + "</a>".repeat(33)],
    ["a million levels", "<a>".repeat(1000000)],
    ["33 levels of a foreign namespace", root(`<extensions>${'<x xmlns="urn:x">'.repeat(31)}${"</x>".repeat(31)}</extensions>`)],
    ["an attribute of 64 KiB and one byte", root("", ` x="${"y".repeat((64 << 10) + 1)}"`)],
    ["a name of 257 bytes", `<${"n".repeat(257)}/>`],
    ["1,000,001 elements", `<a>${"<b/>".repeat(1000000)}</a>`],
  ]);

  add("DocumentMalformed", [
    ["an entity nobody declared", root("&x;")],
    ["an entity nobody declared, in an attribute", root("", ' x="&x;"')],
    ["a reference to character 0", root("&#0;")],
    ["a reference to half a pair", root("&#xD800;")],
    ["a reference beyond the last character", root("&#x110000;")],
    ["a reference that overflows", root("&#99999999999999999999;")],
    ["an ampersand", root(" & ")],
    ["another end tag", "<a></b>"],
    ["crossed tags", "<a><b></a></b>"],
    ["an attribute twice", "<a b='1' b='2'/>"],
    ["an attribute twice, by two prefixes", "<a xmlns:p='urn:u' xmlns:q='urn:u' p:b='1' q:b='2'/>"],
    ["a prefix that nobody declared", "<p:a/>"],
    ["the prefix xml redeclared", "<a xmlns:xml='urn:x'/>"],
    ["two roots", `${root("")}${root("")}`],
    ["a second document behind the first", `${root("")}<?xml version="1.0"?>`],
    ["text behind the root", `${root("")}x`],
    ["an XML declaration inside", root('<?xml version="1.0"?>')],
    ["a comment that never ends", root("<!-- ")],
    ["a section that never ends", root("<![CDATA[ ")],
    ["an instruction that never ends", root("<?x ")],
    ["a tag that never ends", "<a b='"],
    ["2 MiB of <", "<".repeat(2 << 20)],
    ["2 MiB of <!--", `${root("")}${"<!--".repeat(500000)}`],
    ["no XML at all", "just text"],
    ["JSON", '{"kind":"full"}'],
  ]);

  add("DocumentEmpty", [["nothing", ""], ["nothing but a mark", "\ufeff"]]);

  add("DocumentUnknown", [
    ["XInclude of a file", root(`<xi:include xmlns:xi="http://www.w3.org/2001/XInclude" href="file://${file}" parse="text"/>`)],
    ["XInclude over http", root(`<xi:include xmlns:xi="http://www.w3.org/2001/XInclude" href="${url}"/>`)],
    ["XInclude with a fall-back", root(`<xi:include xmlns:xi="http://www.w3.org/2001/XInclude" href="${url}"><xi:fallback>` +
      `<xi:include href="file://${file}"/></xi:fallback></xi:include>`)],
    ["an XInclude that includes itself", root('<xi:include xmlns:xi="http://www.w3.org/2001/XInclude" href="" xpointer="/"/>')],
    ["xsi:schemaLocation", root("", ` xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xsi:schemaLocation="${NS} ${url}.xsd" y=""`)],
    ["xml:base", profile('<description xml:base="file:///etc/">passwd</description><y/>')],
    ["an element of XSLT", root(`<xsl:copy-of xmlns:xsl="http://www.w3.org/1999/XSL/Transform" select="document('${url}')"/>`)],
    ["a look-alike of our namespace", root("").replace(">", '><x xmlns="urn:polyroot:config:1/"/>')],
    ["an element of ours in extensions", root('<extensions><x a="1">t</x></extensions>')],
    ["an element of no namespace in extensions", root('<extensions><x xmlns="">t</x></extensions>')],
    ["an attribute of SQL", profile('<vnic name="n" colour="\'); DROP TABLE profile;--"/>')],
  ]);

  add("DocumentRoot", [
    ["another namespace", root("").replace(NS, "urn:polyroot:config:2")],
    ["no namespace", "<applianceConfig/>"],
    ["another root", `<profiles xmlns="${NS}"/>`],
    ["a stylesheet and another root", `<?xml-stylesheet href="file://${file}" type="text/xsl"?><html/>`],
  ]);
  return list;
}

/** `text` cut at every `step`th byte. */
export const truncations = (text, step = 100) => {
  const bytes = Buffer.from(text);
  const cuts = [];
  for (let n = 0; n < bytes.length - 1; n += step) cuts.push(bytes.subarray(0, n));
  return cuts;
};

/** A profile of 32 devices, 1,024 times: the largest site there is. */
export function largest(profiles = 1024, devices = 32) {
  const vnic = (p, d) => `<vnic name="n${d}" order="${d}"><mac source="static" value="02:${
    [p >> 8, p & 255, 0, 0, d].map((b) => b.toString(16).padStart(2, "0")).join(":").toUpperCase()
  }"/><vlans mode="access"><vlan network="prod"/></vlans></vnic>`;
  return `<applianceConfig xmlns="${NS}" schemaVersion="1.0" kind="logical"><networks><ethernet name="prod" vlan="120"/></networks>` +
    `<profiles>${times(profiles, (p) => `<profile name="p${p}">${times(devices, (d) => vnic(p, d))}</profile>\n`)}</profiles></applianceConfig>`;
}
