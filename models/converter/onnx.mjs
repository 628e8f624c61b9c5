// Builds ONNX graphs node by node. Field numbers are those of onnx.proto3.
import { Message } from './protobuf.mjs';

const FLOAT = 1;
const INT64 = 7;
const ATTRIBUTE_FLOAT = 1;
const ATTRIBUTE_INT = 2;
const ATTRIBUTE_INTS = 7;
const ELEMENT_TYPES = { float: FLOAT, int64: INT64 };

/** Float attributes must be marked, because JavaScript has only one kind of number. */
export function float(value) {
  return { float: value };
}

/** A graph under construction; every method that makes a value returns its name. */
export class Graph {
  #nodes = [];
  #initializers = [];
  #inputs = [];
  #outputs = [];
  #domains = new Map([['', 17]]);
  #count = 0;
  #name;

  constructor(name) {
    this.#name = name;
  }

  /** Declares an input; a string in the shape is a free dimension. */
  input(name, type, shape) {
    this.#inputs.push(valueInfo(name, type, shape));
    return name;
  }

  output(name, type, shape) {
    this.#outputs.push(valueInfo(name, type, shape));
  }

  floats(name, shape, data) {
    return this.#tensor(name, FLOAT, shape, Float32Array.from(data));
  }

  ints(name, shape, data) {
    return this.#tensor(name, INT64, shape, BigInt64Array.from(data, BigInt));
  }

  /** Adds a node with one output. */
  node(type, inputs, attributes = {}, output = `${type}_${this.#count}`) {
    return this.nodes(type, inputs, attributes, [output])[0];
  }

  /** Adds a node with several outputs; an empty name leaves an optional one out. */
  nodes(type, inputs, attributes, outputs) {
    const [operator, domain] = type.split('@');
    const node = new Message();
    inputs.forEach((input) => node.string(1, input));
    outputs.forEach((output) => node.string(2, output));
    node.string(3, `${operator}_${this.#count++}`).string(4, operator);
    for (const [name, value] of Object.entries(attributes)) {
      node.message(5, attribute(name, value));
    }
    if (domain) {
      node.string(7, domain);
      this.#domains.set(domain, 1);
    }
    this.#nodes.push(node);
    return outputs;
  }

  /** The finished model file. */
  finish() {
    const graph = new Message();
    this.#nodes.forEach((node) => graph.message(1, node));
    graph.string(2, this.#name);
    this.#initializers.forEach((tensor) => graph.message(5, tensor));
    this.#inputs.forEach((value) => graph.message(11, value));
    this.#outputs.forEach((value) => graph.message(12, value));

    const model = new Message().int(1, 8).string(2, 'quiver').message(7, graph);
    for (const [domain, version] of this.#domains) {
      model.message(8, new Message().string(1, domain).int(2, version));
    }
    return model.finish();
  }

  #tensor(name, type, shape, data) {
    const size = shape.reduce((product, dimension) => product * dimension, 1);
    if (size !== data.length) {
      throw new Error(`Tensor ${name} has ${data.length} values, its shape [${shape}] needs ${size}.`);
    }
    const tensor = new Message();
    shape.forEach((dimension) => tensor.int(1, dimension));
    tensor.int(2, type).string(8, name).bytes(9, Buffer.from(data.buffer, data.byteOffset, data.byteLength));
    this.#initializers.push(tensor);
    return name;
  }
}

function attribute(name, value) {
  const message = new Message().string(1, name);
  if (Array.isArray(value)) {
    value.forEach((item) => message.int(8, item));
    return message.int(20, ATTRIBUTE_INTS);
  }
  return typeof value === 'object'
    ? message.float(2, value.float).int(20, ATTRIBUTE_FLOAT)
    : message.int(3, value).int(20, ATTRIBUTE_INT);
}

function valueInfo(name, type, shape) {
  const dimensions = new Message();
  for (const dimension of shape) {
    const item = new Message();
    dimensions.message(1, typeof dimension === 'string' ? item.string(2, dimension) : item.int(1, dimension));
  }
  const tensor = new Message().int(1, ELEMENT_TYPES[type]).message(2, dimensions);
  return new Message().string(1, name).message(2, new Message().message(1, tensor));
}
