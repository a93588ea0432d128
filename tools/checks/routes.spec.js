/** A route that does not say who may call it, by its sentence; with the real door of kernel/http. */
import { Controller, Get, Module } from '@nestjs/common';
import { Public } from '@quan-so/auth';
import { defineOperation } from '@quan-so/contract';
import { createHttpApp } from '@quan-so/http';
import { z } from 'zod';
import { sentence } from './finding.js';
import { routesOf } from './routes.js';

class Asked {}
/** A controller in a module that the service's module imports; decorators are plain functions here. */
function service(...decorators) {
  class Lamps {
    list() {
      return [];
    }
  }
  const method = Object.getOwnPropertyDescriptor(Lamps.prototype, 'list');
  for (const decorate of [Get('/lamps'), ...decorators]) decorate(Lamps.prototype, 'list', method);
  Controller()(Lamps);
  Reflect.defineMetadata('design:paramtypes', [Asked], Lamps);
  class Inner {}
  Module({ controllers: [Lamps] })(Inner);
  class Street {}
  Module({ imports: [Inner] })(Street);
  return { name: 'street', title: { vi: 'Phố', en: 'Street' }, module: Street, operations: [] };
}

it('a bare route is refused', async () => {
  expect((await routesOf('apps/data/street', service(), createHttpApp)).map(sentence)).toEqual([
    'apps/data/street: tuyến (route) chưa nói ai được gọi, hoặc thao tác của nó chưa được khai. / GET /lamps is neither @Requires(permission) nor @Public(reason): say who may call it.',
  ]);
});
it('is refused also where the kernel adds operations of its own', async () => {
  const added = defineOperation({ id: 'readState', service: 'street', path: '/api/street/v1/state', kind: 'read', summary: { vi: 'v', en: 'e' }, access: { public: 'a test' }, answer: z.strictObject({}) });
  expect(await routesOf('apps/data/street', { ...service(), operations: [added] }, createHttpApp)).toHaveLength(1);
  expect(await routesOf('apps/data/street', { ...service(Public('a test')), operations: [added] }, createHttpApp)).toEqual([]);
});
it('one that says so passes, and nothing behind it is made', async () => {
  expect(await routesOf('apps/data/street', service(Public('a test')), createHttpApp)).toEqual([]);
});
