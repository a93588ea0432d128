import 'reflect-metadata';
import { Module, ValidationPipe, type INestApplication } from '@nestjs/common';
import { APP_GUARD, NestFactory } from '@nestjs/core';
import { JwtModule } from '@nestjs/jwt';
import { FastifyAdapter } from '@nestjs/platform-fastify';
import { TypeOrmModule } from '@nestjs/typeorm';
import { DataSource } from 'typeorm';
import { AuthGuard } from './auth.guard.js';
import { DossiersController } from './dossiers.controller.js';
import { DossiersService } from './dossiers.service.js';
import { ENTITIES } from './entities.js';
import { OutboxPublisher } from './outbox.publisher.js';
import { ReferenceService } from './reference.service.js';

@Module({
  imports: [
    TypeOrmModule.forRoot({ type: 'postgres', url: process.env['DATABASE_URL'] ?? '', entities: ENTITIES, synchronize: true, poolSize: 10, logging: false }),
    TypeOrmModule.forFeature(ENTITIES),
    JwtModule.register({}),
  ],
  controllers: [DossiersController],
  providers: [DossiersService, ReferenceService, OutboxPublisher, { provide: APP_GUARD, useClass: AuthGuard }],
})
class AppModule {}

const options = { logger: ['error', 'warn'] as ('error' | 'warn')[] };
const app: INestApplication = process.env['ADAPTER'] === 'fastify' ? await NestFactory.create(AppModule, new FastifyAdapter(), options) : await NestFactory.create(AppModule, options);
app.useGlobalPipes(new ValidationPipe({ whitelist: true, forbidNonWhitelisted: true, transform: true }));
app.enableShutdownHooks();
// Decorators know no GIN index; searching is part of the same domain.
await app.get(DataSource).query('CREATE EXTENSION IF NOT EXISTS pg_trgm; CREATE INDEX IF NOT EXISTS dossier_words ON dossier USING gin ("searchKey" gin_trgm_ops)');
await app.listen(Number(process.env['PORT']), '127.0.0.1');
