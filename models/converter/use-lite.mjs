// The graph of Universal Sentence Encoder Lite, in a packed form: the linear layers see only real tokens, [N, d], whatever the
// lengths of the texts; padding exists only inside attention. The caller passes the index vectors that go there and back:
//   ids, positions  int64 [N]        token ids and their place in their text
//   padded          int64 [B,T]      row of the packed token at (text, place); any row where there is none
//   packed          int64 [N]        text · heads · T + place: where token n stands in an attention result of shape [B, heads, T]
//   bias            float [B,1,1,T]  0 for tokens, a large negative number for padding
//   pool            float [B,N]      1 / length where token n belongs to text b, else 0; all zero for an empty text
// Output: float [B,512], L2-normalised.
import { Graph, float } from './onnx.mjs';

const HEADS = 4;
const WIDTH = 512;
const MAX_TOKENS = 128;

const APPLY = 'module_apply_default/Encoder_en/KonaTransformer/Encode/';
const STACK = `${APPLY}TransformerStack/`;
const RAW = 'module/Encoder_en/KonaTransformer/Encode/';
const CONCAT = '/ConcatPartitions/concat';
const NORM = 'layer_prepostprocess/layer_norm/layer_norm_';
const HEAD = 'module/Encoder_en/hidden_layers/tanh_layer_0/';

/** Model file bytes from the weights of the TensorFlow.js model. */
export function buildUseLite(weights) {
  const graph = new Graph('use-lite');
  const get = (name) => {
    const weight = weights.get(name);
    if (!weight) {
      throw new Error(`The TensorFlow.js model has no weight named ${name}.`);
    }
    return weight;
  };

  graph.input('ids', 'int64', ['N']);
  graph.input('positions', 'int64', ['N']);
  graph.input('padded', 'int64', ['B', 'T']);
  graph.input('packed', 'int64', ['N']);
  graph.input('bias', 'float', ['B', 1, 1, 'T']);
  graph.input('pool', 'float', ['B', 'N']);

  let x = embed(graph, get);
  const routes = attentionRoutes(graph);
  for (const layer of [0, 1]) {
    x = transformerLayer(graph, get, layer, x, routes);
  }
  head(graph, get, x);
  graph.output('embedding', 'float', ['B', WIDTH]);
  return graph.finish();
}

function embed(graph, get) {
  const table = get('module/Embeddings_en');
  // The original graph adds the embedding twice.
  const doubled = graph.floats('embeddings', table.shape, table.data.map((value) => 2 * value));
  const frequencies = get(`${STACK}Layer_0/AddTimingSignal/TimingSignal/ExpandDims_1`).data;
  const timing = [];
  for (let position = 0; position < MAX_TOKENS; position++) {
    timing.push(...frequencies.map((frequency) => Math.sin(Math.fround(position * frequency))));
    timing.push(...frequencies.map((frequency) => Math.cos(Math.fround(position * frequency))));
  }
  const signals = graph.floats('timing', [MAX_TOKENS, 2 * frequencies.length], timing);
  return graph.node('Add', [graph.node('Gather', [doubled, 'ids']), graph.node('Gather', [signals, 'positions'])]);
}

/** Row indices that move queries, keys and values into [B, heads, T] and the result back, one copy each and no transposition. */
function attentionRoutes(graph) {
  const first = graph.node('Mul', [
    graph.node('Unsqueeze', ['padded', graph.ints('axis_1', [1], [1])]),
    graph.ints('rows_per_token', [1], [3 * HEADS]),
  ]);
  const [query, key, value] = [0, 1, 2].map((part) =>
    graph.node('Add', [first, graph.ints(`heads_${part}`, [1, HEADS, 1], range(HEADS).map((head) => part * HEADS + head))]));

  const length = graph.node('Slice', [
    graph.node('Shape', ['padded']),
    graph.ints('one', [1], [1]), graph.ints('two', [1], [2]),
  ]);
  const back = graph.node('Add', [
    graph.node('Unsqueeze', ['packed', 'axis_1']),
    graph.node('Mul', [length, graph.ints('head_numbers', [1, HEADS], range(HEADS))]),
  ]);
  return { query, key, value, back };
}

function transformerLayer(graph, get, layer, x, routes) {
  const inner = `Layer_${layer}/TransformerLayer/`;
  const name = (suffix) => `layer${layer}_${suffix}`;
  const weight = (suffix, source, shape = source.shape) => graph.floats(name(suffix), shape, source.data);
  const linear = (input, matrix, bias) => graph.node('Gemm', [input, matrix, bias]);
  const normalise = (suffix, source, input) => graph.node('LayerNormalization', [
    input,
    weight(`${suffix}_scale`, get(`${APPLY}${source}${NORM}scale${CONCAT}`)),
    weight(`${suffix}_bias`, get(`${APPLY}${source}${NORM}bias${CONCAT}`)),
  ], { axis: -1, epsilon: float(1e-6) });

  const residual = layer === 0
    ? linear(x, weight('dense', get(`${APPLY}${inner}dense/kernel${CONCAT}`)), weight('dense_bias', get(`${APPLY}${inner}dense/bias${CONCAT}`)))
    : x;

  const attention = `${inner}MultiheadAttention/`;
  const kernel = get(`${RAW}${attention}qkv_transform_single/kernel/part_0`);
  const width = kernel.shape[2];
  const headWidth = width / HEADS;
  const scale = get(`${STACK}${attention}mul/y`).data[0];
  const qkv = linear(
    normalise('norm', inner, x),
    graph.floats(name('qkv'), [width, 3 * width], scaleQuery(kernel.data, width, scale)),
    graph.floats(name('qkv_bias'), [3 * width], scaleQuery(get(`${APPLY}${attention}qkv_transform_single/bias${CONCAT}`).data, width, scale)));
  const rows = graph.node('Reshape', [qkv, graph.ints(name('rows'), [2], [-1, headWidth])]);
  const scores = graph.node('MatMul', [
    graph.node('Gather', [rows, routes.query]),
    graph.node('Transpose', [graph.node('Gather', [rows, routes.key])], { perm: [0, 1, 3, 2] }),
  ]);
  const shares = graph.node('Softmax', [graph.node('Add', [scores, 'bias'])], { axis: -1 });
  const mixed = graph.node('MatMul', [shares, graph.node('Gather', [rows, routes.value])]);
  const flat = graph.node('Reshape', [mixed, name('rows')]);
  const gathered = graph.node('Gather', [flat, routes.back]);
  const joined = graph.node('Reshape', [gathered, graph.ints(name('width'), [2], [-1, width])]);
  const output = get(`${RAW}${attention}output_transform_single/kernel/part_0`);
  const attended = linear(joined, weight('output', output, output.shape.slice(2)), weight('output_bias', get(`${APPLY}${attention}output_transform_single/bias${CONCAT}`)));
  const h = graph.node('Add', [attended, residual]);

  const hidden = graph.node('Relu', [linear(
    normalise('ffn_norm', `${inner}FFN/`, h),
    weight('ffn1', get(`${STACK}${inner}FFN/conv1/Tensordot/Reshape_1`)),
    weight('ffn1_bias', get(`${APPLY}${inner}FFN/conv1/bias${CONCAT}`)))]);
  const fed = linear(hidden,
    weight('ffn2', get(`${STACK}${inner}FFN/conv2/Tensordot/Reshape_1`)),
    weight('ffn2_bias', get(`${APPLY}${inner}FFN/conv2/bias${CONCAT}`)));
  return graph.node('Add', [fed, h]);
}

/** Folds the query scale into the first third of each row. */
function scaleQuery(data, width, scale) {
  return data.map((value, index) => (index % (3 * width) < width ? value * scale : value));
}

function head(graph, get, x) {
  const weights = get(`${HEAD}weights`);
  const bias = get(`${HEAD}bias`);
  const mean = graph.node('MatMul', ['pool', x]);
  const y = graph.node('Tanh', [graph.node('Gemm', [
    mean,
    graph.floats('head', weights.shape, weights.data),
    graph.floats('head_bias', bias.shape, bias.data),
  ])]);
  const squares = graph.node('ReduceSum', [graph.node('Mul', [y, y]), graph.ints('last_axis', [1], [-1])], { keepdims: 1 });
  const norm = graph.node('Sqrt', [graph.node('Max', [squares, graph.floats('tiny', [1], [1e-12])])]);
  graph.node('Div', [y, norm], {}, 'embedding');
}

function range(count) {
  return Array.from({ length: count }, (_, index) => index);
}
