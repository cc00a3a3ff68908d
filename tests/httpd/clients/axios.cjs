// axios.cjs URL TYPE FILE METHOD...: send FILE with each METHOD, follow redirects,
// print what the last server answered. axios is looked for in NODE_PATH.
const { readFileSync } = require("node:fs");
const axios = require("axios");

const [url, type, file, ...methods] = process.argv.slice(2);
(async () => {
  for (const method of methods) {
    const answer = await axios({
      method, url, data: readFileSync(file), headers: { "Content-Type": type },
      responseType: "text", transformResponse: (text) => text,
    });
    process.stdout.write(answer.data);
  }
})();
