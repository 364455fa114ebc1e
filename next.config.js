/** @type {import("next").NextConfig} */
export default {
  poweredByHeader: false,
  reactStrictMode: true,
  devIndicators: false,
  typescript: { ignoreBuildErrors: true },
  serverExternalPackages: ["@libsql/client", "@libsql/core", "libsql", "@node-rs/argon2", "ioredis", "pino"],
  // One page is both where a conversation begins and where it goes on: see app/(rooms)/(conversation)/page.tsx.
  rewrites: async () => [{ source: "/c/:conversation", destination: "/?conversation=:conversation" }],
  experimental: { serverActions: { bodySizeLimit: "4mb" } },
};
