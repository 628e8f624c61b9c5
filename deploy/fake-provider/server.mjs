// A fake embedding service for trying things out: it answers like OpenAI's POST /v1/embeddings, with vectors made from a hash of the text. The same
// text has the same vector everywhere, texts that share words are a little alike, and nothing means anything. Port 8000, or PORT, 0 for any.
import { createHash } from 'node:crypto';
import { createServer } from 'node:http';

const port = Number(process.env.PORT ?? 8000);
const defaultDimensions = Number(process.env.DIMENSIONS ?? 64);
const largestBody = 32 * 1024 * 1024;

/** The sum of a direction per word, of length 1. */
function embed(text, dimensions) {
  const vector = new Float32Array(dimensions);
  const words = text.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? [text];
  for (const word of words) {
    for (let block = 0; block * 8 < dimensions; block++) {
      const hash = createHash('sha256').update(`${block} ${word}`).digest();
      for (let i = 0; i < 8 && block * 8 + i < dimensions; i++) {
        vector[block * 8 + i] += hash.readInt32LE(i * 4) / 2 ** 31;
      }
    }
  }

  const length = Math.hypot(...vector) || 1;
  return vector.map(value => value / length);
}

function write(vector, encoding) {
  return encoding === 'base64' ? Buffer.from(vector.buffer).toString('base64') : Array.from(vector);
}

function answer(request) {
  const texts = Array.isArray(request.input) ? request.input : [request.input];
  if (texts.length === 0 || !texts.every(text => typeof text === 'string' && text.length > 0)) {
    return [400, { error: { message: 'input must be a text, or a list of texts, none of them empty', type: 'invalid_request_error' } }];
  }

  const tokens = texts.reduce((sum, text) => sum + Math.ceil(text.length / 4), 0);
  const dimensions = request.dimensions ?? defaultDimensions;
  return [200, {
    object: 'list',
    model: request.model,
    data: texts.map((text, index) => ({ object: 'embedding', index, embedding: write(embed(text, dimensions), request.encoding_format) })),
    usage: { prompt_tokens: tokens, total_tokens: tokens },
  }];
}

async function read(request) {
  const parts = [];
  let length = 0;
  for await (const part of request) {
    length += part.length;
    if (length > largestBody) {
      throw new RangeError('The request is too large.');
    }

    parts.push(part);
  }

  return JSON.parse(Buffer.concat(parts).toString());
}

function send(response, status, body) {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
}

const server = createServer(async (request, response) => {
  if (request.method === 'GET' && request.url === '/health') {
    send(response, 200, { status: 'ok' });
  } else if (request.method === 'POST' && request.url === '/v1/embeddings') {
    try {
      send(response, ...answer(await read(request)));
    } catch (error) {
      send(response, error instanceof RangeError ? 413 : 400, { error: { message: error.message, type: 'invalid_request_error' } });
    }
  } else {
    send(response, 404, { error: { message: 'There is only POST /v1/embeddings.', type: 'not_found_error' } });
  }
});

for (const signal of ['SIGINT', 'SIGTERM']) {
  process.on(signal, () => server.close(() => process.exit(0)));
}

server.listen(port, () => console.log(`A fake embedding service listens on port ${server.address().port}.`));
