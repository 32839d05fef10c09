import "reflect-metadata";
import { createDrain, createEventRouter, createHealthRouter } from "@evt/http-express";
import { Module } from "@nestjs/common";
import { NestFactory } from "@nestjs/core";
import type { NestExpressApplication } from "@nestjs/platform-express";
import { callerOf, evt } from "./evt.js";

class AppModule {}
Module({})(AppModule); // in your own code: @Module({ … }) class AppModule {}

const drain = createDrain();
const app = await NestFactory.create<NestExpressApplication>(AppModule, { rawBody: true, logger: false });
// before `init` or `listen`, so that evt's routes come before the body parser of NestJS
app.use("/health", createHealthRouter({ evt, draining: () => drain.draining }));
app.use(drain.gate);
app.use("/api", createEventRouter({ evt, authenticate: (req) => callerOf(req.headers.authorization) }));
await app.init();

export const server = app.getHttpServer();
