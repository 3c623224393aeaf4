// A receiver of `kind: webhook` in Node 18 or later, without dependencies:
//
//   MONITOR_WEBHOOK_SECRET=whsec_... node receiver.mjs [PORT]
//
// It checks the signature, does the work of each message once however often it arrives, and says when messages are missing.

import { createHmac, timingSafeEqual } from "node:crypto";
import { existsSync, fsyncSync, openSync, readFileSync, writeSync } from "node:fs";
import { createServer } from "node:http";

const LARGEST = 1_000_000; // bytes of a body
const OLDEST = 300; // seconds, either way
const key = Buffer.from(process.env.MONITOR_WEBHOOK_SECRET.replace(/^whsec_/, ""), "base64");

// What was done: a line for each message, its id and its seq. A database does this better: the id and the work in one transaction.
const lines = existsSync("seen.txt") ? readFileSync("seen.txt", "utf8").split("\n").filter(Boolean) : [];
const seen = new Map(lines.map((line) => line.split(" ")).map(([id, seq]) => [id, Number(seq)]));
const file = openSync("seen.txt", "a");

function isVerified(headers, body) {
  const id = headers["webhook-id"];
  const at = headers["webhook-timestamp"];
  if (!id || !/^[0-9]+$/.test(at ?? "") || Math.abs(Date.now() / 1000 - Number(at)) > OLDEST) return false;
  const signature = createHmac("sha256", key).update(`${id}.${at}.`).update(body).digest("base64");
  const expected = Buffer.from(`v1,${signature}`);
  return (headers["webhook-signature"] ?? "").split(" ").some((one) => {
    const given = Buffer.from(one);
    return given.length === expected.length && timingSafeEqual(given, expected);
  });
}

// Do what a message is for. Throw, and it comes again.
function work(message) {
  if (message.type === "hit.created" || message.type === "story.escalated") { // a story, and more of one
    console.log("hit", message.seq, message.data.rule.id, message.data.article.title);
  } else {
    console.log("other", message.seq, message.type); // a type you do not know yet is no fault: monitor schema lists them
  }
}

function receive(headers, body) {
  if (!isVerified(headers, body)) return 401;
  const id = headers["webhook-id"];
  const message = JSON.parse(body.toString("utf8"));
  if (message.seq === 0) {
    console.log("test", message.type); // monitor test-webhook: outside the count, and nothing happened
    return 204;
  }
  if (seen.has(id)) {
    console.log("repeat", message.seq);
    return 204;
  }
  const highest = seen.size ? Math.max(...[...seen.values()].slice(-1_000)) : message.seq - 1;
  if (message.seq > highest + 1) console.log("missing", highest + 1, message.seq - 1); // monitor replay sends them again
  work(message);
  writeSync(file, `${id} ${message.seq}\n`);
  fsyncSync(file);
  seen.set(id, message.seq);
  return 204; // only now: what was not answered with 2xx comes again
}

const server = createServer((request, response) => {
  const pieces = [];
  let size = 0;
  request.on("data", (piece) => {
    size += piece.length;
    if (size <= LARGEST) pieces.push(piece);
  });
  request.on("end", () => {
    let status = 413;
    if (size <= LARGEST) {
      try {
        status = receive(request.headers, Buffer.concat(pieces));
      } catch (error) {
        console.error(error);
        status = 500;
      }
    }
    response.writeHead(status, { "content-length": "0" }).end();
  });
});

server.listen(Number(process.argv[2] ?? 8000), "127.0.0.1");
