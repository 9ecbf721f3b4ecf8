-- The people who may come to need tax software, and the firms that they work for: about two for every lead.
-- Given as variables: leads.

create table people as
with

numbered as (
    select
        i,
        -- in twenty people three are colleagues of one firm, and two of another
        case when i % 20 in (18, 19) then i - i % 20 + 17 when i % 20 = 15 then i - 1 else i end as firm_number
    from range(cast(round(getvariable('leads') * 2.13) as bigint)) as numbers (i)
),

firms as (
    select
        *,
        firm_number != i as is_colleague,
        chance('industry', firm_number) as industry_chance,
        chance('country', firm_number) as country_chance,
        chance('role', i) as role_chance,
        chance('city', firm_number) as city_chance,
        cast(round(2 * pow(130, chance('employees', firm_number))) as bigint) as employee_count
    from numbered
),

described as (
    select
        i,
        printf('P%07d', i) as person_id,
        firm_number,
        is_colleague,
        employee_count,
        pick(['CV', 'PT', 'UD', 'Toko'], 'form', firm_number)
        || ' ' || pick(
            ['Sumber', 'Karya', 'Cahaya', 'Mitra', 'Anugerah', 'Tirta', 'Bumi', 'Sinar', 'Graha', 'Citra'],
            'company 1', firm_number
        )
        || ' ' || pick(
            ['Makmur', 'Sejahtera', 'Abadi', 'Mandiri', 'Utama', 'Jaya', 'Lestari', 'Persada', 'Perkasa'],
            'company 2', firm_number
        ) as company,
        case
            when industry_chance < 0.16 then 'restaurant'
            when industry_chance < 0.40 then 'retail'
            when industry_chance < 0.54 then 'manufacturing'
            when industry_chance < 0.66 then 'logistics'
            when industry_chance < 0.88 then 'services'
            else 'health'
        end as industry,
        case when country_chance < 0.90 then 'ID' when country_chance < 0.96 then 'SG' else 'MY' end as country,
        case
            when country = 'SG' then 'Singapore'
            when country = 'MY' then 'Kuala Lumpur'
            when city_chance < 0.42 then 'Jakarta'
            when city_chance < 0.62 then 'Surabaya'
            when city_chance < 0.77 then 'Bandung'
            when city_chance < 0.87 then 'Medan'
            else 'Makassar'
        end as city,
        case
            when is_colleague then pick(['finance', 'accountant', 'staff'], 'role', i)
            when role_chance < 0.34 then 'owner'
            when role_chance < 0.58 then 'finance'
            when role_chance < 0.78 then 'accountant'
            when role_chance < 0.92 then 'staff'
            else 'student'
        end as role,
        pick(
            [
                'Adi', 'Bayu', 'Citra', 'Dian', 'Eka', 'Fitri', 'Galih', 'Hana', 'Indra', 'Joko', 'Kartika', 'Lina',
                'Made', 'Nur', 'Oki', 'Putri', 'Rizal', 'Sinta', 'Tono', 'Wulan'
            ],
            'first name', i
        ) as first_name,
        pick(
            [
                'Aritonang', 'Firmansyah', 'Gunawan', 'Halim', 'Kusuma', 'Maulana', 'Nugroho', 'Permata', 'Saputra',
                'Tanjung', 'Wibowo', 'Yulianto'
            ],
            'last name', i
        ) as last_name,
        chance('free mail', i) < 0.3 as has_free_mail,
        chance('phone given', i) < 0.85 as gives_phone,
        -- who writes by chat need not tell an address, and does not get the newsletter then
        chance('mail given', i) < 0.6 as gives_mail,
        chance('consent', i) < 0.07 as refuses_consent,
        -- marketing's e-book is taken by those who buy and by those who never will
        chance('download', i) < 0.6 and not refuses_consent as likes_downloads,
        chance('tool', i) < 0.2 as uses_free_tool,
        -- for reasons of their own, or because a friend told them: the dark part of what moves people
        chance('own interest', i) < world.own_interest as asks_anyway,
        chance('own conviction', i) < world.own_conviction as buys_anyway,
        -- a form that reached nobody, a student, a firm that the product does not fit: no wish makes a sale of these
        chance('lost', i) < 0.012 as is_lost,
        not is_lost
        and role != 'student'
        and chance('fits', i) < case industry when 'restaurant' then 0.35 else 0.9 end
        * case when employee_count < 10 then 0.6 else 1 end as can_buy
    from firms
    cross join world
)

select
    *,
    -- written in one way only; what systems make of it comes later
    lower(first_name || '.' || last_name) || i
    || case
        when has_free_mail then '@surel.example' else
            '@' || lower(replace(company, ' ', '')) || firm_number || '.example'
    end
        as email,
    case country
        when 'SG' then printf('+659%07d', 1000000 + i)
        when 'MY' then printf('+60111%07d', i)
        else printf('+628990%07d', i)
    end
        as phone
from described;

-- when each of them begins to feel the need; colleagues do so together
create table needs as
with

drawn as (
    select
        i,
        firm_number,
        is_colleague,
        chance('need', firm_number) as need_share
    from people
)

select
    drawn.i,
    cast(
        need_days.day
        + case when is_colleague then between_days(0, 18, 'need of colleague', drawn.i) else to_days(0) end as date
    )
        as need_day
from drawn
asof join need_days
    on drawn.need_share >= need_days.from_share;
