import { Failure } from './failure.ts'
import type { Json } from './object.ts'

/** Reads a request body in the API's protobuf envelope, for the kinds that kubectl's typed commands send. */
export function decodeProtobuf(_raw: Buffer): Json {
  throw new Failure(415, 'UnsupportedMediaType', 'protobuf is not read yet')
}
