-- One row is a batch and a moment at which a browser was named in it: by a user of the site, an address, or both. Who
-- refused consent is not named.
{{ config(
    materialized='incremental',
    meta={'stamp': 'batch_hash', 'stamps_of': 'int_canonical_web_event_batches', 'may_be_empty': true}
) }}

with

events as (
    select * from {{ ref('int_web_events') }}
    where
        not is_refused
        and (user_id is not null or email_hash is not null)
        and {{ is_missing(ref('int_canonical_web_event_batches')) }}
),

batch_names as (
    select distinct
        batch_hash,
        source_system,
        anonymous_id,
        user_id,
        email_hash,
        occurred_at
    from events
)

select * from batch_names
