/** The operations of an OpenAPI document, as far as a fuzzer needs them. */

export interface Schema {
  $ref?: string;
  type?: string | string[];
  enum?: unknown[];
  const?: unknown;
  not?: unknown;
  pattern?: string;
  format?: string;
  minLength?: number;
  maxLength?: number;
  minimum?: number;
  maximum?: number;
  exclusiveMinimum?: number;
  minItems?: number;
  maxItems?: number;
  items?: Schema;
  properties?: Record<string, Schema>;
  additionalProperties?: boolean | Schema;
  required?: string[];
  anyOf?: Schema[];
  oneOf?: Schema[];
  allOf?: Schema[];
  example?: unknown;
  default?: unknown;
}

export interface Parameter {
  name: string;
  in: "path" | "query" | "header";
  required?: boolean;
  schema: Schema;
}

export interface AnswerShape {
  headers?: Record<string, unknown>;
  content?: Record<string, { schema?: Schema }>;
}

export interface OperationShape {
  operationId: string;
  parameters?: Parameter[];
  requestBody?: { required?: boolean; content: Record<string, { schema: Schema }> };
  responses: Record<string, AnswerShape>;
  security?: unknown[];
}

export interface Document {
  paths: Record<string, Record<string, OperationShape>>;
  components: { schemas: Record<string, Schema> };
}

export interface Operation extends OperationShape {
  method: string;
  path: string;
}

export function operationsOf(document: Document): Operation[] {
  return Object.entries(document.paths).flatMap(([path, item]) =>
    Object.entries(item).map(([method, shape]) => ({ ...shape, method: method.toUpperCase(), path }))
  );
}

/** The schema itself, wherever it stands. */
export function resolved(document: Document, schema: Schema): Schema {
  const name = schema.$ref && /^#\/components\/schemas\/(.+)$/.exec(schema.$ref)?.[1];
  const found = name ? document.components.schemas[name] : undefined;
  return found ? resolved(document, found) : schema;
}
