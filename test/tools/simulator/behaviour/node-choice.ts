import type { Socket } from 'node:net';
import type { RouteName } from '../api-routes';
import type { Nodes, ServiceState } from '../service-state';

/** Which of the servers behind the address answers. */
export class NodeChoice {
  private readonly turns = new Map<RouteName, number>();
  private readonly ofConnection = new WeakMap<Socket, number>();
  private connections = 0;

  constructor(private readonly service: ServiceState) {}

  /**
   * Chooses the server for a request.
   * @returns tells whether that server knows less than the first one about a subject.
   */
  choose(route: RouteName, socket: Socket): (subject: Nodes['disagreeOn'][number]) => boolean {
    const { nodes } = this.service;
    const node = nodes.by === 'connection' ? this.stay(socket) : this.next(route);
    const isFirst = node % Math.max(1, nodes.count) === 0;
    return (subject) => !isFirst && nodes.disagreeOn.includes(subject);
  }

  private next(route: RouteName): number {
    const turn = this.turns.get(route) ?? 0;
    this.turns.set(route, turn + 1);
    return turn;
  }

  private stay(socket: Socket): number {
    const known = this.ofConnection.get(socket);
    if (known !== undefined) return known;
    const node = this.connections;
    this.connections += 1;
    this.ofConnection.set(socket, node);
    return node;
  }
}
