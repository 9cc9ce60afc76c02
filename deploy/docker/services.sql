-- Runs once, when the cluster is new: a database and a role for each service, and no way from one to another's.
\getenv password PROPOSALS_DATABASE_PASSWORD
CREATE ROLE proposals LOGIN PASSWORD :'password';
CREATE DATABASE proposals OWNER proposals;
REVOKE ALL ON DATABASE proposals FROM PUBLIC;
\getenv password SCHEDULING_DATABASE_PASSWORD
CREATE ROLE scheduling LOGIN PASSWORD :'password';
CREATE DATABASE scheduling OWNER scheduling;
REVOKE ALL ON DATABASE scheduling FROM PUBLIC;
\getenv password NOTIFICATIONS_DATABASE_PASSWORD
CREATE ROLE notifications LOGIN PASSWORD :'password';
CREATE DATABASE notifications OWNER notifications;
REVOKE ALL ON DATABASE notifications FROM PUBLIC;
