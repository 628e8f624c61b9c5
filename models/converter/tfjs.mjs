// Reads the weights of a TensorFlow.js graph model.
import { readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';

const BYTES_PER_ELEMENT = 4;

/** Name → { shape, data } of every fp32 weight; shards are concatenated in the order of the manifest. */
export async function readWeights(modelPath) {
  const { weightsManifest } = JSON.parse(await readFile(modelPath, 'utf8'));
  const weights = new Map();
  for (const group of weightsManifest) {
    const shards = await Promise.all(group.paths.map((path) => readFile(join(dirname(modelPath), path))));
    const bytes = Buffer.concat(shards);
    let offset = 0;
    for (const { name, shape, dtype, quantization } of group.weights) {
      if (quantization || (dtype !== 'float32' && dtype !== 'int32')) {
        throw new Error(`Weight ${name} is stored as ${quantization?.dtype ?? dtype}; only float32 and int32 are known.`);
      }
      const length = shape.reduce((product, dimension) => product * dimension, 1);
      if (dtype === 'float32') {
        weights.set(name, { shape, data: littleEndianFloats(bytes, offset, length) });
      }
      offset += length * BYTES_PER_ELEMENT;
    }
    if (offset !== bytes.length) {
      throw new Error(`The shards of ${modelPath} hold ${bytes.length} bytes, its manifest describes ${offset}.`);
    }
  }
  return weights;
}

function littleEndianFloats(bytes, offset, length) {
  // A copy, because a Float32Array needs an aligned start.
  return new Float32Array(bytes.buffer.slice(bytes.byteOffset + offset, bytes.byteOffset + offset + length * BYTES_PER_ELEMENT));
}
