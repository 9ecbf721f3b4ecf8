-- One row is a batch and a host of another domain from which pages in it were reached. A row without a host says that
-- the batch was looked through.
{{ config(materialized='incremental', meta={'stamp': 'batch_hash', 'stamps_of': 'int_canonical_web_event_batches'}) }}

with

missing_batches as (
    select batch_hash
    from {{ ref('int_canonical_web_event_batches') }}
    {% if carries_on() %}
    where batch_hash in ({{ missing_stamps() }})
    {% endif %}
),

events as (
    select * from {{ ref('int_canonical_web_events') }}
    where referrer_host is not null and coalesce(referrer_domain != page_domain, true)
    {% if carries_on() -%}
    and batch_hash in ({{ missing_stamps() }})
    {%- endif %}
),

batch_referrers as (
    select distinct
        batch_hash,
        referrer_host,
        referrer_domain
    from events
    union all
    select
        batch_hash,
        cast(null as string) as referrer_host,
        cast(null as string) as referrer_domain
    from missing_batches
)

select * from batch_referrers
