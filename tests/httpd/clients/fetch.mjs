// fetch.mjs KIND URL TYPE FILE METHOD...: send FILE with each METHOD, follow redirects,
// print what the last server answered. KIND says what is given to fetch() as body.
import { readFileSync, createReadStream } from "node:fs";
import { Readable } from "node:stream";

const [kind, url, type, file, ...methods] = process.argv.slice(2);
const bodies = {
  string: () => readFileSync(file, "utf8"),
  blob: () => new Blob([readFileSync(file)]),
  buffer: () => readFileSync(file),
  stream: () => Readable.toWeb(createReadStream(file)),
};
for (const method of methods) {
  const answer = await fetch(url, {
    method, body: bodies[kind](), duplex: "half", headers: { "Content-Type": type },
  });
  process.stdout.write(await answer.text());
}
