-- One row is a batch and a moment at which a browser was named in it: by a user of the site, an address, or both. Who
-- refused consent is not named. A row without a browser says that the batch was looked through.
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
    select * from {{ ref('int_web_events') }}
    where not is_refused and (user_id is not null or email_hash is not null)
    {% if carries_on() -%}
    and batch_hash in ({{ missing_stamps() }})
    {%- endif %}
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
    union all
    select
        batch_hash,
        cast(null as string) as source_system,
        cast(null as string) as anonymous_id,
        cast(null as string) as user_id,
        cast(null as string) as email_hash,
        cast(null as timestamp) as occurred_at
    from missing_batches
)

select * from batch_names
