import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'

/* What node:http can do at most: says hello, and its port to who started it. */
const server = createServer((_request, response) => void response.end('hello'))
server.listen(0, '127.0.0.1', () => process.send?.((server.address() as AddressInfo).port))
