import { Injectable } from '@nestjs/common';

/** The one source of the present for services; tests set it. Deadlines use it, transactions use the database's time. */
@Injectable()
export class Clock {
  now(): Date {
    return new Date();
  }
}
