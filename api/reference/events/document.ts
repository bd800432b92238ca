import {
  chatChannel,
  ChatChannelEvent,
  conversationChannel,
  ConversationChannelEvent,
} from '@rov/realtime';

import { CONVERSATION_ID, ids } from '../examples.ts';
import { createSchemas } from '../schemas.ts';
import type { Json, Schemas } from '../schemas.ts';
import { chatEvents } from './chat-events.ts';
import { conversationEvents } from './conversation-events.ts';
import { INTRODUCTION } from './introduction.ts';
import type { EventShape, Told } from './told-event.ts';

type Carried = {
  operation: string;
  address: string;
  title: string;
  description: string;
  parameter: Json;
  shapes: readonly EventShape[];
  told: Record<string, Told>;
};

const CHANNELS: Record<string, Carried> = {
  conversation: {
    operation: 'hearConversation',
    address: conversationChannel('{conversationId}'),
    title: 'A conversation',
    description:
      'What happens in one conversation, for members who look at it. Nothing in an event depends on who hears it.',
    parameter: { conversationId: { description: 'A UUID', examples: [CONVERSATION_ID] } },
    shapes: ConversationChannelEvent.options,
    told: conversationEvents,
  },
  chat: {
    operation: 'hearUser',
    address: chatChannel('{userId}'),
    title: 'A user',
    description:
      'What concerns one user, wherever they look: the list of their conversations, and the presence of their ' +
      'contacts. Nobody else may listen to it.',
    parameter: { userId: { description: "The user's own id", examples: [ids.ann] } },
    shapes: ChatChannelEvent.options,
    told: chatEvents,
  },
};

/** The AsyncAPI document of what clients hear. Throws when an event has no description, or a description no event. */
export function describeEvents({ version }: { version: string }): Json {
  const schemas = createSchemas('draft-07');
  const messages: Record<string, Json> = {};
  const channels: Record<string, Json> = {};
  const operations: Record<string, Json> = {};
  for (const [name, carried] of Object.entries(CHANNELS)) {
    const heard = messagesOf(carried, schemas);
    Object.assign(messages, heard);
    channels[name] = channel(carried, Object.keys(heard));
    operations[carried.operation] = {
      action: 'receive',
      summary: `Hear what ${carried.address} brings`,
      channel: { $ref: `#/channels/${name}` },
      messages: Object.keys(heard).map((id) => ({ $ref: `#/channels/${name}/messages/${id}` })),
    };
  }
  return {
    asyncapi: '3.0.0',
    id: 'urn:rov:events',
    info: {
      title: 'rov',
      version,
      description: INTRODUCTION,
    },
    defaultContentType: 'application/json',
    servers: SERVERS,
    channels,
    operations,
    components: { schemas: schemas.components, messages, securitySchemes: SECURITY },
  };
}

const SECURITY = {
  connectionToken: {
    type: 'http',
    scheme: 'bearer',
    bearerFormat: 'JWT',
    description:
      'Of `POST /v1/realtime/token`; sent in the connect command of the protocol of Centrifugo, not in a header',
  },
};

const SERVERS = {
  centrifugo: {
    host: '{host}',
    pathname: '/connection/websocket',
    protocol: 'wss',
    description: '`POST /v1/realtime/token` says where this is',
    variables: {
      host: {
        default: 'localhost:8000',
        description: 'Name and port. On a machine of one’s own the protocol is `ws`',
        examples: ['chat.example.com', 'localhost:8000'],
      },
    },
    security: [{ $ref: '#/components/securitySchemes/connectionToken' }],
  },
};

function channel({ address, title, description, parameter }: Carried, ids: string[]): Json {
  return {
    address,
    title,
    description,
    servers: [{ $ref: '#/servers/centrifugo' }],
    parameters: parameter,
    messages: Object.fromEntries(ids.map((id) => [id, { $ref: `#/components/messages/${id}` }])),
  };
}

function messagesOf({ address, shapes, told }: Carried, schemas: Schemas): Record<string, Json> {
  const left = new Set(Object.keys(told));
  const messages = Object.fromEntries(
    shapes.map((shape) => {
      const id = shape.meta()?.id;
      const type = shape.shape.type.value;
      const said = id === undefined ? undefined : told[id];
      if (id === undefined || said === undefined)
        throw new Error(`${address}: ${type} is not told`);
      left.delete(id);
      return [id, message(type, { said, payload: schemas.of(shape) })];
    }),
  );
  if (left.size > 0) throw new Error(`${address} carries no ${[...left].join(', ')}`);
  return messages;
}

function message(type: string, { said, payload }: { said: Told; payload: Json }): Json {
  return {
    name: type,
    title: type,
    summary: said.summary,
    'x-delivery': said.delivery,
    payload,
    examples: [{ name: type, summary: said.summary, payload: said.example }],
  };
}
