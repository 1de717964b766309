// Sends a file with tus-js-client, stops after some bytes, and goes on: prints what the server says the file became.
// node tus.mjs ENDPOINT FILE CHUNK_BYTES STOP_AFTER_BYTES
import { createReadStream } from "node:fs";
import { basename } from "node:path";
import { createRequire } from "node:module";

const [endpoint, file, chunk, stopAfter] = process.argv.slice(2);
const require = createRequire(process.env.TUS_FROM);
const { Upload } = require("tus-js-client");

function send(url, stopAt) {
  return new Promise((done, failed) => {
    let sha256 = null;
    const upload = new Upload(createReadStream(file), {
      endpoint,
      uploadUrl: url,
      chunkSize: Number(chunk),
      retryDelays: [0, 100, 500, 1000],
      metadata: { filename: basename(file) },
      onAfterResponse: (_, answer) => {
        sha256 = answer.getHeader("Wideberth-Sha256") ?? sha256;
      },
      onProgress: (sent) => {
        if (stopAt > 0 && sent >= stopAt) upload.abort().then(() => done({ url: upload.url, sha256: null }), failed);
      },
      onError: failed,
      onSuccess: () => done({ url: upload.url, sha256 }),
    });
    upload.start();
  });
}

const first = await send(null, Number(stopAfter));
const last = first.sha256 === null ? await send(first.url, 0) : first;
console.log(JSON.stringify(last));
