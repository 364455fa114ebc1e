/** @type {import("next").NextConfig} */
export default {
  poweredByHeader: false,
  reactStrictMode: true,
  devIndicators: false,
  typescript: { ignoreBuildErrors: true },
  serverExternalPackages: ["@libsql/client", "@libsql/core", "libsql", "@node-rs/argon2", "ioredis", "pino"],
  experimental: { serverActions: { bodySizeLimit: "4mb" } },
};
