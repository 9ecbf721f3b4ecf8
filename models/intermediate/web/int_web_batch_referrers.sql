-- One row is a batch and a host of another domain from which pages in it were reached.
{{ config(
    materialized='incremental',
    meta={'stamp': 'batch_hash', 'stamps_of': 'int_canonical_web_event_batches', 'may_be_empty': true}
) }}

with

events as (
    select * from {{ ref('int_canonical_web_events') }}
    where
        referrer_host is not null
        and coalesce(referrer_domain != page_domain, true)
        and {{ is_missing(ref('int_canonical_web_event_batches')) }}
),

batch_referrers as (
    select distinct
        batch_hash,
        referrer_host,
        referrer_domain
    from events
)

select * from batch_referrers
