-- One row is a browser, with a hash of everything that its sessions are made of: where it is another one, they are made
-- anew.
with

batch_visitors as (
    select * from {{ ref('int_web_batch_visitors') }}
    where anonymous_id is not null
),

spans as (
    select * from {{ ref('int_web_spans') }}
    where is_shared
),

changes_of_person as (
    select
        source_system,
        anonymous_id,
        bit_xor({{ row_hash(['span_number', 'ends_at']) }}) as spans_hash
    from spans
    group by source_system, anonymous_id
),

visited as (
    select
        source_system,
        anonymous_id,
        bit_xor(events_hash) as events_hash,
        sum(event_count) as event_count
    from batch_visitors
    group by source_system, anonymous_id
),

visitors as (
    select
        visited.source_system,
        visited.anonymous_id,
        {{
            row_hash([
                'visited.source_system', 'visited.anonymous_id', 'visited.events_hash', 'visited.event_count',
                'changes_of_person.spans_hash'
            ])
        }} as visitor_hash,
        changes_of_person.anonymous_id is not null as is_shared
    from visited
    left join changes_of_person
        on
            visited.source_system = changes_of_person.source_system
            and visited.anonymous_id = changes_of_person.anonymous_id
)

select * from visitors
