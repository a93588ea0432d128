import 'reflect-metadata';
import { applyDecorators, createParamDecorator, Get, HttpCode, Post, type ExecutionContext } from '@nestjs/common';
import { type FastifyRequest } from 'fastify';
import { Public, Requires } from '@quan-so/auth';
import { type OperationDef } from '@quan-so/contract';

const OPERATION = 'quan-so:operation';

/** The validated call, as the first and only parameter of a handler. */
const TheCall = createParamDecorator((_: unknown, context: ExecutionContext) => context.switchToHttp().getRequest<FastifyRequest>().held.call);

/**
 * Makes a method the handler of an operation: route, access and status come from its declaration.
 * The method takes one `Call<typeof Operation>` and answers an `Answer`.
 */
export function Handles(operation: OperationDef): MethodDecorator {
  const route = operation.method === 'GET' ? Get(operation.path) : Post(operation.path);
  const access = 'public' in operation.access ? Public(operation.access.public) : Requires(operation.access.permission);
  return (target, key, descriptor) => {
    applyDecorators(route, access, HttpCode(statusOf(operation)))(target, key, descriptor);
    Reflect.defineMetadata(OPERATION, operation, descriptor.value as object);
    TheCall()(target, key, 0);
  };
}

/** The status of an operation that went well. */
export function statusOf(operation: OperationDef): 200 | 201 {
  return operation.kind === 'create' ? 201 : 200;
}

/** The operation a controller's method handles. */
export function operationOf(handler: object): OperationDef | undefined {
  return Reflect.getMetadata(OPERATION, handler) as OperationDef | undefined;
}
