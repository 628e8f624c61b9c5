// A tiny BERT with seeded random weights, in the shape that sentence-transformer exports have. For tests only.
import { Graph, float } from './onnx.mjs';

const HIDDEN = 16;
const HEADS = 2;
const INNER = 32;
const POSITIONS = 32;
const EPSILON = 1e-12;

const VOCABULARY = [
  '[PAD]', '[UNK]', '[CLS]', '[SEP]', '[MASK]', 'the', 'quick', 'brown', 'fox', 'jump', '##s', '##ed', 'over', 'lazy', 'dog',
  'un', '##aff', '##able', 'cafe', 'na', '##ive', ',', '.', '!', '?', "'", '-', '1', '##2', '##3', 'a', '##b', '中', '文',
];

/** The files of a model directory; weights.json holds the same numbers for an independent computation. */
export function buildTinyBert() {
  const random = seededRandom(20240607);
  const weights = {};
  const graph = new Graph('tiny-bert');
  const weight = (name, shape, scale = 0.5, offset = 0) => {
    const size = shape.reduce((product, dimension) => product * dimension, 1);
    const data = Float32Array.from({ length: size }, () => (random() - 0.5) * scale + offset);
    weights[name] = { shape, data: Array.from(data) };
    return graph.floats(name, shape, data);
  };

  for (const name of ['input_ids', 'attention_mask', 'token_type_ids']) {
    graph.input(name, 'int64', ['batch_size', 'sequence_length']);
  }
  const x = encoderLayer(graph, weight, embed(graph, weight));
  graph.node('Identity', [x], {}, 'last_hidden_state');
  graph.output('last_hidden_state', 'float', ['batch_size', 'sequence_length', HIDDEN]);

  return {
    'model.onnx': graph.finish(),
    'vocab.txt': `${VOCABULARY.join('\n')}\n`,
    'config.json': JSON.stringify({ model_type: 'bert', hidden_size: HIDDEN, max_position_embeddings: POSITIONS }),
    'tokenizer_config.json': JSON.stringify({ do_lower_case: true, model_max_length: POSITIONS }),
    'weights.json': JSON.stringify(weights),
  };
}

function embed(graph, weight) {
  const words = graph.node('Gather', [weight('word', [VOCABULARY.length, HIDDEN]), 'input_ids']);
  const types = graph.node('Gather', [weight('type', [2, HIDDEN]), 'token_type_ids']);
  const length = graph.node('Slice', [graph.node('Shape', ['input_ids']), graph.ints('one', [1], [1]), graph.ints('two', [1], [2])]);
  const places = graph.node('Slice', [weight('position', [POSITIONS, HIDDEN]), graph.ints('zero', [1], [0]), length]);
  const sum = graph.node('Add', [graph.node('Add', [words, types]), places]);
  return norm(graph, weight, 'embedding_norm', sum);
}

function encoderLayer(graph, weight, x) {
  const linear = (input, name, from, to) =>
    graph.node('Add', [graph.node('MatMul', [input, weight(name, [from, to])]), weight(`${name}_bias`, [to])]);
  const shape = graph.ints('heads_shape', [4], [0, 0, HEADS, HIDDEN / HEADS]);
  const heads = (input, perm) => graph.node('Transpose', [graph.node('Reshape', [input, shape])], { perm });
  const query = heads(linear(x, 'query', HIDDEN, HIDDEN), [0, 2, 1, 3]);
  const key = heads(linear(x, 'key', HIDDEN, HIDDEN), [0, 2, 3, 1]);
  const value = heads(linear(x, 'value', HIDDEN, HIDDEN), [0, 2, 1, 3]);
  const scores = graph.node('Mul', [graph.node('MatMul', [query, key]), graph.floats('scale', [1], [1 / Math.sqrt(HIDDEN / HEADS)])]);
  const masked = graph.node('Add', [scores, maskBias(graph)]);
  const mixed = graph.node('MatMul', [graph.node('Softmax', [masked], { axis: -1 }), value]);
  const joined = graph.node('Reshape', [
    graph.node('Transpose', [mixed], { perm: [0, 2, 1, 3] }), graph.ints('joined_shape', [3], [0, 0, HIDDEN])]);
  const attended = norm(graph, weight, 'attention_norm', graph.node('Add', [linear(joined, 'attention_output', HIDDEN, HIDDEN), x]));
  const inner = graph.node('Relu', [linear(attended, 'inner', HIDDEN, INNER)]);
  return norm(graph, weight, 'output_norm', graph.node('Add', [linear(inner, 'outer', INNER, HIDDEN), attended]));
}

function maskBias(graph) {
  const mask = graph.node('Cast', [graph.node('Unsqueeze', ['attention_mask', graph.ints('head_axes', [2], [1, 2])])], { to: 1 });
  const missing = graph.node('Sub', [graph.floats('unit', [1], [1]), mask]);
  return graph.node('Mul', [missing, graph.floats('far', [1], [-1e9])]);
}

function norm(graph, weight, name, input) {
  return graph.node('LayerNormalization', [input, weight(`${name}_scale`, [HIDDEN], 0.2, 1), weight(`${name}_bias`, [HIDDEN], 0.2)],
    { axis: -1, epsilon: float(EPSILON) });
}

/** Mulberry32: the same numbers on every machine. */
function seededRandom(seed) {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
}
