// The little of the protobuf wire format that writing an ONNX model needs.

const VARINT = 0;
const LENGTH_DELIMITED = 2;
const FIXED32 = 5;

/** Collects fields as buffers; large payloads are referenced, not copied, until `finish`. */
export class Message {
  #parts = [];

  /** A varint field; negative numbers take the ten bytes of an int64. */
  int(field, value) {
    return this.#push(varint(tag(field, VARINT)), varint(value));
  }

  float(field, value) {
    const bytes = Buffer.alloc(4);
    bytes.writeFloatLE(value);
    return this.#push(varint(tag(field, FIXED32)), bytes);
  }

  string(field, value) {
    return this.bytes(field, Buffer.from(value, 'utf8'));
  }

  bytes(field, value) {
    return this.#push(varint(tag(field, LENGTH_DELIMITED)), varint(value.length), value);
  }

  message(field, value) {
    return this.bytes(field, value.finish());
  }

  finish() {
    return Buffer.concat(this.#parts);
  }

  #push(...parts) {
    this.#parts.push(...parts);
    return this;
  }
}

function tag(field, wireType) {
  return field * 8 + wireType;
}

function varint(value) {
  let rest = BigInt.asUintN(64, BigInt(value));
  const bytes = [];
  do {
    const low = Number(rest & 0x7fn);
    rest >>= 7n;
    bytes.push(rest === 0n ? low : low | 0x80);
  } while (rest !== 0n);
  return Buffer.from(bytes);
}
